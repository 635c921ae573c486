import type { OperationRound, Round, WorkloadResult } from '../src/model/workload.ts';
import { median } from '../src/statistics/median.ts';
import { mergeHistograms } from './merged-histogram.ts';

/** What became of the intended starts of a workload under an open load, all rounds together. */
export interface ArrivalSummary {
  readonly intended: number;
  readonly started: number;
  readonly late: number;
  readonly dropped: number;
  /** Starts a second, of the median round. */
  readonly achievedPerSecond: number;
  /** How far after their time starts came: what a latency may be too long by. Null where too few bound it. */
  readonly lagP99Ns: number | null;
  readonly lagMaxNs: number | null;
}

/** Undefined under a closed load, and where no round was measured. */
export function arrivalSummary({ rounds }: WorkloadResult): ArrivalSummary | undefined {
  const arrivals = rounds.flatMap((round) => (round?.arrivals === undefined ? [] : [round.arrivals]));
  if (arrivals.length === 0) return undefined;
  const sum = (read: (round: NonNullable<Round['arrivals']>) => number) =>
    arrivals.reduce((total, round) => total + read(round), 0);
  const lag = mergeHistograms(arrivals.map(({ lagHistogram }) => lagHistogram));
  return {
    intended: sum(({ intended }) => intended),
    started: sum(({ started }) => started),
    late: sum(({ late }) => late),
    dropped: sum(({ dropped }) => dropped),
    achievedPerSecond: median(arrivals.map(({ achievedPerSecond }) => achievedPerSecond)),
    lagP99Ns: lag?.boundedNs(0.99) ?? null,
    lagMaxNs: lag?.maxNs ?? null,
  };
}

/** Times from the real start, beside latencies that count from the intended one. Null where too few samples bound them. */
export interface ServiceTimes {
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
}

/** Undefined where no round holds any: only open loads have two starts to tell apart. */
export function serviceTimes({ rounds }: WorkloadResult, operation: string): ServiceTimes | undefined {
  const own = rounds.flatMap((round) => round?.operations.filter(({ name }) => name === operation) ?? []);
  const histograms = own.flatMap(({ serviceHistogram }: OperationRound) => serviceHistogram ?? []);
  const all = mergeHistograms(histograms);
  return all === null ? undefined : { p50Ns: all.boundedNs(0.5), p99Ns: all.boundedNs(0.99) };
}
