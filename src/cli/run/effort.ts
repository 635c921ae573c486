import { availableParallelism } from 'node:os';
import type { Precision } from '../../benchmark/precision.ts';
import type { Profile } from '../../model/result.ts';
import type { Load } from '../../model/workload.ts';
import { pairedShift } from '../../statistics/shift.ts';
import type { Interval } from '../../statistics/shift.ts';
import type { BenchmarkRequest } from './request.ts';

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly iterationsPerRound: number;
  /** How long starts go on in a round under a rate, in ms. */
  readonly openRoundMs: number;
  /** A round is to take no longer, in ms, unless its workload wants so. */
  readonly visitMs: number;
  readonly loads: readonly Load[];
  readonly precision?: Precision;
  readonly dropCaches?: boolean;
}

const usual = { iterationsPerRound: 10, openRoundMs: 3_000, visitMs: 3_000 } as const;

/**
 * quick shows that everything works and gives a first figure; standard is what a paired comparison needs (20 rounds find a
 * difference of 10 % under 10 % drift 96 times of 100); full also loads the runtime.
 */
const effortOf: Readonly<Record<Profile, Effort>> = {
  quick: { rounds: 5, iterationsPerRound: 5, openRoundMs: 1_000, visitMs: 1_000, loads: closed([1]) },
  standard: { rounds: 20, ...usual, loads: closed([1]) },
  full: { rounds: 40, ...usual, openRoundMs: 5_000, loads: closed([1, 4, 16]) },
};

/** The effort of a profile, but for what is asked for otherwise. Where only rates are asked for, nothing else is loaded. */
export function effortFor(
  profile: Profile,
  { rounds, concurrency, rate, arrival, targetPrecision, dropCaches = false }: Partial<BenchmarkRequest> = {},
): Effort {
  const usually = effortOf[profile];
  const open =
    rate?.map((ratePerSecond): Load => ({ model: 'open', ratePerSecond, arrival: arrival ?? 'constant' })) ?? [];
  const inFlight = concurrency === undefined ? undefined : closed(concurrency);
  const effort: Effort = {
    ...usually,
    rounds: rounds ?? usually.rounds,
    loads: [...(inFlight ?? (open.length > 0 ? [] : usually.loads)), ...open],
    dropCaches,
  };
  if (targetPrecision === undefined) return effort;
  const mostRounds = Math.max(effort.rounds, mostRoundsForPrecision);
  return { ...effort, precision: { relative: targetPrecision, mostRounds, interval: intervalOf } };
}

/** Rounds are not added beyond this for a precision; one that is not reached then is out of reach on this machine. */
const mostRoundsForPrecision = 200;

/** As the comparison has it, of one pair by itself: 95 % confidence. */
function intervalOf(logRatios: readonly number[]): Interval | null {
  if (logRatios.length === 0) return null;
  return pairedShift(logRatios).interval(0.05);
}

function closed(concurrency: readonly number[]): readonly Load[] {
  return concurrency.map((inFlight) => ({ model: 'closed', concurrency: inFlight }));
}

/** Cases wait for the runtime most of the time, so two workers share a CPU well; more only make time-outs likelier. */
export function usualShards(): number {
  return Math.min(4, 2 * availableParallelism());
}
