import type { OperationRound, OperationSummary } from '../model/workload.ts';
import { samplesToBound } from '../statistics/percentile-bound.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** The percentiles that a summary tells, by the field that tells them. */
export const percentiles = { p50Ns: 0.5, p90Ns: 0.9, p99Ns: 0.99 } as const;

/** Pictures need no more points than this. */
const mostPoints = 200;

/** All rounds of one operation together: exact counts and extremes, percentiles of the merged latencies, never of percentiles. */
export function summarise(name: string, rounds: readonly OperationRound[]): OperationSummary {
  const all = new LatencyHistogram();
  for (const round of rounds) all.add(round);
  const bounded = (quantile: number): number | null =>
    all.count >= samplesToBound(quantile) ? all.valueAtNs(quantile) : null;
  return {
    name,
    count: all.count,
    failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
    p50Ns: bounded(percentiles.p50Ns),
    p90Ns: bounded(percentiles.p90Ns),
    p99Ns: bounded(percentiles.p99Ns),
    maxNs: all.maxNs,
    quantiles: all.count === 0 ? [] : quantilesOf(all),
  };
}

/** Every sample when there are few, evenly spaced quantiles when there are many; always the least and the greatest. */
function quantilesOf(all: LatencyHistogram): OperationSummary['quantiles'] {
  const last = Math.max(2, Math.min(all.count, mostPoints)) - 1;
  return Array.from({ length: last + 1 }, (_, point) => {
    const quantile = point / last;
    return { quantile, valueNs: all.valueAtNs(quantile) };
  });
}
