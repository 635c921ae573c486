import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { OperationRound, WorkloadResult } from '../src/model/workload.ts';

/** The median of one operation in one round; null when the round was lost or nothing in it succeeded. */
export interface RoundMedian {
  readonly index: number;
  readonly medianNs: number | null;
  readonly count: number;
}

export function roundMedians(workload: WorkloadResult, operation: string): readonly RoundMedian[] {
  return workload.rounds.map((round, index) => {
    const measured = round?.operations.find(({ name }) => name === operation);
    return { index, medianNs: measured ? medianOf(measured) : null, count: measured?.count ?? 0 };
  });
}

function medianOf({ histogram, count }: OperationRound): number | null {
  if (count === 0) return null;
  try {
    return decodeFromCompressedBase64(histogram, 64).getValueAtPercentile(50);
  } catch {
    // A result file may come from anywhere: one unreadable histogram costs its point in a picture, not the report.
    return null;
  }
}
