import { LatencyHistogram } from '../benchmark/latency-histogram.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { generator } from './simulated-report.testing.ts';

type Round = NonNullable<WorkloadResult['rounds'][number]>;

/** Rounds with latencies of one operation, in ms; null for a round that was lost. */
export function latencyRounds(name: string, rounds: readonly (readonly number[] | null)[]): (Round | null)[] {
  return rounds.map((latenciesMs, index) => {
    if (latenciesMs === null) return null;
    const histogram = new LatencyHistogram();
    for (const latencyMs of latenciesMs) histogram.record(latencyMs * 1e6);
    const { count, minNs, maxNs } = histogram;
    const operation = { name, count, failures: 0, histogram: histogram.toBase64(), minNs, maxNs };
    return { ...bareRound(index), operations: [operation] };
  });
}

/** Rounds with one value of one measure each. */
export function measureRounds(name: string, values: readonly number[]): Round[] {
  return values.map((value, index) => ({ ...bareRound(index), measures: [{ name, value }] }));
}

function bareRound(index: number): Round {
  return { index, order: 0, startedAt: '2026-11-23T12:13:14Z', durationNs: 1e9, operations: [], measures: [] };
}

/** A workload `w` whose primary is the operation `Op`, measured in these rounds. */
export function withLatencies(
  target: string,
  rounds: WorkloadResult['rounds'],
  change: Partial<WorkloadResult> = {},
): WorkloadResult {
  const count = rounds.reduce((sum, round) => sum + (round?.operations[0]?.count ?? 0), 0);
  const summary = { count, failures: 0, p50Ns: null, p90Ns: null, p99Ns: null, maxNs: null, quantiles: [] };
  return {
    ...{ id: 'w', revision: 1, title: 'W', description: '', primary: 'Op', target, status: 'measured' },
    load: { model: 'closed', concurrency: 1 },
    rounds,
    operations: [{ name: 'Op', description: '', ...summary }],
    measures: [],
    errors: [],
    ...change,
  };
}

/** A workload `w` whose primary is the measure `rate`, of which more is better. */
export function withRates(
  target: string,
  values: readonly number[],
  change: Partial<WorkloadResult> = {},
): WorkloadResult {
  const rate = { name: 'rate', description: '', unit: 'bytes/s', better: 'higher' as const, median: null };
  return withLatencies(target, measureRounds('rate', values), {
    primary: 'rate',
    operations: [],
    measures: [rate],
    ...change,
  });
}

/** Numbers between -1 and 1 without any order to them, and always the same. */
export function scattered(count: number): readonly number[] {
  const random = generator(count);
  return Array.from({ length: count }, () => 2 * random() - 1);
}

/** So many values around 100 that differ by a few thousandths. */
export function steady(count: number, factor = 1): readonly number[] {
  return scattered(count).map((value) => factor * (100 + value / 2));
}
