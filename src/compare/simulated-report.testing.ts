import { balancedOrders } from '../benchmark/order.ts';
import type { WorkloadResult } from '../model/workload.ts';

/** Noise of a benchmark, as standard deviations of the logarithm: 0.05 for 5 %. */
export interface Noise {
  /** Each target's own, from round to round, whatever the other does. */
  readonly own: number;
  /** How much of its own is left a round later. */
  readonly ownAutocorrelation?: number;
  readonly tails?: 'normal' | 'heavy';
  /** The machine's, which hits whoever is visited; visits follow each other, so most of it is left at the next. */
  readonly machine?: number;
  readonly machineAutocorrelation?: number;
  /** How much slower the machine is at the end than at the beginning. */
  readonly drift?: number;
}

/** Marsaglia's xorshift with 32 bits: fast, and good enough for a few million draws. */
export function generator(seed: number): () => number {
  let state = (seed * 2_654_435_769) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Of variance 1: normal, or Student's with 3 degrees of freedom, whose extremes are wild. */
function deviate(random: () => number, tails: Noise['tails']): number {
  if (tails !== 'heavy') return normal(random);
  const chiSquare = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chiSquare);
}

/** Each value keeps so much of the one before; the variance stays 1. */
export function autoregressive(random: () => number, kept: number, tails?: Noise['tails']): () => number {
  let state = deviate(random, tails);
  return () => {
    const now = state;
    state = kept * state + Math.sqrt(1 - kept * kept) * deviate(random, tails);
    return now;
  };
}

/**
 * The rounds of two targets, `a` and `b`, as a benchmark measures them: each round visits both, one after the other, in
 * balanced random order. Every workload has a primary and an exploratory figure with noise of its own, on the same machine.
 * @param slowdown by how much `b` takes longer, for each workload: 0.1 for 10 %
 */
export function simulatedReport(
  noise: Noise,
  {
    seed,
    workloads = 24,
    rounds = 20,
    slowdown = () => 0,
  }: {
    readonly seed: number;
    readonly workloads?: number;
    readonly rounds?: number;
    readonly slowdown?: (workload: number) => number;
  },
): WorkloadResult[] {
  const random = generator(seed);
  return Array.from({ length: workloads }, (_, workload) => {
    const machine = autoregressive(random, noise.machineAutocorrelation ?? 0);
    const sides = ['a', 'b'].map((target) => ({
      target,
      factor: target === 'b' ? 1 + slowdown(workload) : 1,
      noises: ['first', 'second'].map(() => autoregressive(random, noise.ownAutocorrelation ?? 0, noise.tails)),
      rounds: new Array<NonNullable<WorkloadResult['rounds'][number]>>(),
    }));
    const orders = balancedOrders(sides, seed * 1000 + workload);
    for (let index = 0; index < rounds; index++) {
      for (const [order, side] of (orders.next().value ?? []).entries()) {
        const at = (2 * index + order) / (2 * rounds);
        const shared = Math.log1p((noise.drift ?? 0) * at) + (noise.machine ?? 0) * machine();
        side.rounds.push({
          index,
          order,
          startedAt: '2026-11-23T12:13:14Z',
          durationNs: 1e9,
          operations: [],
          measures: ['first', 'second'].map((name, which) => ({
            name,
            value: 1e8 * side.factor * Math.exp(shared + noise.own * (side.noises[which]?.() ?? 0)),
          })),
        });
      }
    }
    return sides.map((side): WorkloadResult => ({
      id: `workload-${String(workload)}`,
      revision: 1,
      title: '',
      description: '',
      primary: 'first',
      target: side.target,
      load: { model: 'closed', concurrency: 1 },
      status: 'measured',
      rounds: side.rounds,
      operations: [],
      measures: ['first', 'second'].map((name) => ({
        name,
        description: '',
        unit: 'ns',
        better: 'lower',
        median: null,
      })),
      errors: [],
    }));
  }).flat();
}
