import { spawnSimulator } from '../../simulator/spawn-simulator.ts';
import { median } from '../../statistics/median.ts';
import type { CallerName } from './caller.ts';
import { callers } from './caller.ts';
import { hasH2load, measureH2load } from './h2load.ts';
import type { Measured } from './measure.ts';
import type { PacedRun } from './open-model.ts';
import { measureCaller, measurePacing, measureRecordingCost } from './processes.ts';
import type { RecordingCost } from './recording.ts';

export type Row = CallerName | 'h2load';

export const loads = [1, 16] as const;

/** Starts a second of the open load. */
const pacedPerSecond = 2000;

/** One process's measurement. */
export interface Run extends Measured {
  readonly row: Row;
  readonly inFlight: (typeof loads)[number];
  readonly repetition: number;
}

/** Medians over the repetitions, and every error. */
export interface Summary {
  readonly row: Row;
  readonly p50UsAt1: number | null;
  readonly callsPerSecondAt16: number;
  readonly cpuPerCallUsAt16: number | null;
  readonly errors: number;
}

export interface Comparison {
  readonly runs: readonly Run[];
  readonly summaries: readonly Summary[];
  /** Of the open load on a simulator, which answers at once: what is late is ours. */
  readonly paced: readonly PacedRun[];
  readonly recording: RecordingCost;
}

export interface ComparisonOptions {
  readonly repetitions: number;
  readonly durationMs: number;
  readonly progress: (text: string) => void;
}

/**
 * Compares every way to call Version on an endpoint, one process at a time. The repetitions are interleaved, and each begins
 * with another row, so that what else happens on the machine hits all alike.
 */
export async function compareTransports(
  endpoint: string,
  { repetitions, durationMs, progress }: ComparisonOptions,
): Promise<Comparison> {
  const rows: Row[] = Object.keys(callers) as CallerName[];
  if (await hasH2load()) rows.push('h2load');
  const runs: Run[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    progress(`round ${(repetition + 1).toString()} of ${repetitions.toString()}`);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[(at + repetition) % rows.length];
      if (row === undefined) continue;
      for (const inFlight of loads) {
        const measured = await measureRow(row, endpoint, inFlight, durationMs);
        runs.push({ row, inFlight, repetition, ...measured });
      }
    }
  }
  return {
    runs,
    summaries: rows.map((row) => summarize(row, runs)),
    paced: await measurePacings(repetitions, durationMs),
    recording: await measureRecordingCost(),
  };
}

async function measurePacings(repetitions: number, durationMs: number): Promise<readonly PacedRun[]> {
  const simulator = await spawnSimulator();
  try {
    const runs: PacedRun[] = [];
    while (runs.length < repetitions) {
      runs.push(await measurePacing(simulator.endpoint, { ratePerSecond: pacedPerSecond, durationMs }));
    }
    return runs;
  } finally {
    await simulator.stop();
  }
}

async function measureRow(row: Row, endpoint: string, inFlight: number, durationMs: number): Promise<Measured> {
  if (row !== 'h2load') return await measureCaller(row, endpoint, { inFlight, durationMs });
  // It is told how many calls to make, since its CPU time can only be had as a whole: about as long as the others take.
  return await measureH2load(endpoint, inFlight, Math.round(durationMs * (inFlight === 1 ? 8 : 35)));
}

function summarize(row: Row, runs: readonly Run[]): Summary {
  const own = runs.filter((run) => run.row === row);
  const at = (inFlight: number): readonly Run[] => own.filter((run) => run.inFlight === inFlight);
  return {
    row,
    p50UsAt1: medianOf(at(1).map(({ p50Us }) => p50Us)),
    callsPerSecondAt16: median(at(16).map(({ callsPerSecond }) => callsPerSecond)),
    cpuPerCallUsAt16: medianOf(at(16).map(({ cpuPerCallUs }) => cpuPerCallUs)),
    errors: own.reduce((sum, { errors }) => sum + errors, 0),
  };
}

function medianOf(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : median(known);
}
