import type { Workload } from '../kit/workload.ts';
import type { Profile } from '../model/result.ts';
import type { Load } from '../model/workload.ts';

/** How much of a load a round is, by the profile. */
export interface RoundSize {
  /** Iterations of a closed round; more where so many in flight want more. */
  readonly iterationsPerRound: number;
  /** How long starts go on in a round under an open load, in ms; 2000 unless given. */
  readonly openRoundMs?: number;
  /** A closed round is cut to so many iterations as fit into this time, in ms; as the warm-up round shows it. */
  readonly visitMs?: number;
}

const usualOpenRoundMs = 2_000;
/** So many iterations for each in flight; with fewer, most of a round would be its beginning and its end, when fewer are in flight. */
const leastPerPlace = 3;
/** However low the rate, a round has so many starts. */
const leastStarts = 5;

/**
 * The loads that a workload is measured under: those that were asked for, or what it makes of them. Those beside fewer
 * idle pods come first, so that pods are only ever added.
 */
export function loadsOf(workload: Workload, asked: readonly Load[], profile: Profile): readonly Load[] {
  return (workload.loads?.(asked, profile) ?? asked).toSorted((a, b) => (a.population ?? 0) - (b.population ?? 0));
}

/** Iterations of a round: the workload's own number, or the usual one. Under an open load the round's length decides that one. */
export function iterationsOf(workload: Workload, load: Load, size: RoundSize): number {
  switch (load.model) {
    case 'closed': {
      const own = workload.iterations?.(size.iterationsPerRound, load);
      return Math.max(own ?? Math.max(size.iterationsPerRound, load.concurrency * leastPerPlace), load.concurrency);
    }
    case 'open': {
      const { openRoundMs = usualOpenRoundMs } = size;
      const usual = Math.max(leastStarts, Math.round((load.ratePerSecond * openRoundMs) / 1000));
      return workload.iterations?.(usual, load) ?? usual;
    }
  }
}

/**
 * Iterations of the rounds that count, once the warm-up round has shown how long one takes: what fits into the time that a
 * visit is to take, though never so few that most of the round would be its beginning and its end. What a workload asks
 * for itself is taken as it is, and a rate is not cut.
 */
export function iterationsWithin(
  { visitMs = Infinity }: RoundSize,
  workload: Workload,
  load: Load,
  iterations: number,
  slowestMs: number,
): number {
  if (load.model === 'open' || workload.iterations !== undefined) return iterations;
  const least = Math.min(iterations, load.concurrency * leastPerPlace);
  return Math.max(least, Math.min(iterations, Math.floor(visitMs / slowestMs)));
}
