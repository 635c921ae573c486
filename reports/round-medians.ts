import type { WorkloadResult } from '../src/model/workload.ts';
import { histogramMedianNs } from '../src/statistics/histogram-median.ts';

/** The median of one operation in one round; null when the round was lost or nothing in it succeeded. */
export interface RoundMedian {
  readonly index: number;
  readonly medianNs: number | null;
  readonly count: number;
}

export function roundMedians(workload: WorkloadResult, operation: string): readonly RoundMedian[] {
  return workload.rounds.map((round, index) => {
    const measured = round?.operations.find(({ name }) => name === operation);
    return { index, medianNs: measured ? histogramMedianNs(measured) : null, count: measured?.count ?? 0 };
  });
}
