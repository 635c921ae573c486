import type { Warning } from '../model/warning.ts';
import type { Arrivals, WorkloadResult } from '../model/workload.ts';
import { median } from '../statistics/median.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { scheduleOf, type OpenLoad } from './schedule.ts';
import type { Series } from './series.ts';

/** A rate counts as reached when no more than this share of it is wanting: starts are exact, ends vary with the runtime. */
const wanting = { starts: 0.01, ends: 0.1 } as const;
/** Late starts are told when more than this share of all was late and their delay is more than this share of a usual latency. */
const tolerated = { late: 0.01, ofLatency: 0.1 } as const;

/** What became of a rate: whether the runtime, or crible itself, did not keep up with it. */
export function arrivalWarnings(series: Series, result: WorkloadResult): readonly Pick<Warning, 'kind' | 'message'>[] {
  if (series.load.model !== 'open') return [];
  const rounds = result.rounds.flatMap((round) => (round?.arrivals === undefined ? [] : [round.arrivals]));
  if (rounds.length === 0) return [];
  return [...saturated(series, series.load, rounds), ...lateStarts(result, rounds)];
}

function saturated(
  { visits }: Series,
  load: OpenLoad,
  rounds: readonly Arrivals[],
): Pick<Warning, 'kind' | 'message'>[] {
  const dropped = sum(rounds, ({ dropped: of }) => of);
  const intended = sum(rounds, ({ intended: of }) => of);
  const wantedPerSecond = meanRateOf(load, intended);
  const started = median(rounds.map(({ achievedPerSecond }) => achievedPerSecond));
  const ends = visits.flatMap(({ visit }) =>
    visit.kind === 'measured' && visit.endedPerSecond !== null ? [visit.endedPerSecond] : [],
  );
  const ended = ends.length === 0 ? wantedPerSecond : median(ends);
  const reached = Math.min(started, ended);
  const isReached = started >= wantedPerSecond * (1 - wanting.starts) && ended >= wantedPerSecond * (1 - wanting.ends);
  if (isReached && dropped === 0) return [];
  const drops =
    dropped === 0
      ? ''
      : `; ${String(dropped)} of ${String(intended)} starts were dropped since too many were in flight`;
  return [
    {
      kind: 'saturated',
      message: `${rate(wantedPerSecond)} iterations a second were asked for, ${rate(reached)} were reached${drops}. Latencies are those of a queue that grows`,
    },
  ];
}

/** A stepped load is at its rate at the end only. */
function meanRateOf(load: OpenLoad, starts: number): number {
  return starts / (scheduleOf(load, starts, 0).durationNs / 1e9);
}

function lateStarts(
  { operations, primary }: WorkloadResult,
  rounds: readonly Arrivals[],
): Pick<Warning, 'kind' | 'message'>[] {
  const late = sum(rounds, (round) => round.late);
  const started = sum(rounds, (round) => round.started);
  const usualNs = operations.find(({ name }) => name === primary)?.p50Ns ?? 0;
  const lag = new LatencyHistogram();
  for (const { lagHistogram } of rounds) lag.addEncoded(lagHistogram);
  const p99Ns = lag.valueAtNs(0.99);
  if (late <= tolerated.late * started || p99Ns <= tolerated.ofLatency * usualNs) return [];
  return [
    {
      kind: 'late-starts',
      message: `${String(late)} of ${String(started)} iterations began more than 1 ms late (p99 ${(p99Ns / 1e6).toFixed(2)} ms), which is in their latencies but not the runtime's doing`,
    },
  ];
}

function sum(rounds: readonly Arrivals[], of: (round: Arrivals) => number): number {
  return rounds.reduce((total, round) => total + of(round), 0);
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);
}
