import { formatDuration, formatFigure } from '../../reports/quantity.ts';
import type { WorkloadResult } from '../model/workload.ts';

/** The one figure that decides a workload, as `PodReady p50 103 ms` or `CpuShare 9.9 %`; undefined when it was withheld. */
export function primaryFigure({ primary, operations, measures }: WorkloadResult): string | undefined {
  const measure = measures.find(({ name }) => name === primary);
  if (measure) return measure.median === null ? undefined : `${primary} ${formatFigure(measure.median, measure.unit)}`;
  const p50Ns = operations.find(({ name }) => name === primary)?.p50Ns ?? null;
  return p50Ns === null ? undefined : `${primary} p50 ${formatDuration(p50Ns)}`;
}
