import { median } from '../../statistics/median.ts';
import { callers } from './caller.ts';
import type { Comparison, Row, Summary } from './comparison.ts';
import type { PacedRun } from './open-model.ts';

/** A figure that is wanted of a comparison, and whether it was reached; null when a row to compare with is missing. */
export interface Target {
  readonly text: string;
  readonly figure: number | null;
  readonly holds: boolean | null;
}

/** What the measured transport is to reach, as ratios within one comparison. */
export function targetsOf({ summaries, paced, recording }: Comparison): Target[] {
  const of = (row: Row): Summary | undefined => summaries.find((summary) => summary.row === row);
  const [frames, grpc, h2load] = [of('frames'), of('grpc-js'), of('h2load')];
  const ratio = (above: number | null | undefined, below: number | null | undefined): number | null =>
    above == null || below == null ? null : above / below;
  return [
    atLeast(
      'calls/s at 16 in flight, frames to h2load',
      ratio(frames?.callsPerSecondAt16, h2load?.callsPerSecondAt16),
      1,
    ),
    atLeast(
      'calls/s at 16 in flight, frames to grpc-js',
      ratio(frames?.callsPerSecondAt16, grpc?.callsPerSecondAt16),
      8,
    ),
    atMost('p50 at 1 in flight, frames to grpc-js', ratio(frames?.p50UsAt1, grpc?.p50UsAt1), 0.35),
    atMost('CPU per call at 16, frames to grpc-js', ratio(frames?.cpuPerCallUsAt16, grpc?.cpuPerCallUsAt16), 0.05),
    ...pacingTargets(paced),
    atMost('µs to record a latency', recording.nsPerSample / 1000, 0.3),
    atMost('MB that a million latencies add', recording.grownBytes / 1e6, 20),
  ];
}

/** Medians over the repetitions, as all figures of the table. */
function pacingTargets(paced: readonly PacedRun[]): Target[] {
  const off = paced.map(({ achievedPerSecond, intendedPerSecond }) =>
    Math.abs(achievedPerSecond / intendedPerSecond - 1),
  );
  return [
    atMost('share by which an open load of 2,000/s misses its rate', median(off), 0.002),
    atMost('ms that 99 in 100 of its starts are late', median(paced.map(({ lagP99Us }) => lagP99Us / 1000)), 1),
  ];
}

function atLeast(text: string, figure: number | null, bound: number): Target {
  return { text: `${text}: at least ${bound.toString()}`, figure, holds: figure === null ? null : figure >= bound };
}

function atMost(text: string, figure: number | null, bound: number): Target {
  return { text: `${text}: at most ${bound.toString()}`, figure, holds: figure === null ? null : figure <= bound };
}

const columns = [
  '',
  'p50 at 1 (µs)',
  'to grpc-js',
  'calls/s at 16',
  'to grpc-js',
  'CPU per call at 16 (µs)',
  'to grpc-js',
  'errors',
];

/** The comparison for a terminal. */
export function tableOf(comparison: Comparison): string {
  const { summaries } = comparison;
  const base = summaries.find(({ row }) => row === 'grpc-js');
  const cells = summaries.map((summary) => [
    summary.row,
    figure(summary.p50UsAt1),
    ratioText(summary.p50UsAt1, base?.p50UsAt1),
    figure(summary.callsPerSecondAt16),
    ratioText(summary.callsPerSecondAt16, base?.callsPerSecondAt16),
    figure(summary.cpuPerCallUsAt16),
    ratioText(summary.cpuPerCallUsAt16, base?.cpuPerCallUsAt16),
    summary.errors.toString(),
  ]);
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const lines = [columns, ...cells].map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  const notes = Object.entries(callers).map(([name, what]) => `  ${name}: ${what}`);
  const targets = targetsOf(comparison).map(
    ({ text, figure: reached, holds }) => `  ${verdict(holds)}  ${text} (${figure(reached)})`,
  );
  const h2load = '  h2load: C; its p50 is its own, its errors are HTTP’s';
  return [...lines, '', ...notes, h2load, pacedLine(comparison.paced), '', ...targets, ''].join('\n');
}

function pacedLine(paced: readonly PacedRun[]): string {
  const of = (figureOf: (run: PacedRun) => number): number => median(paced.map(figureOf));
  const sum = (figureOf: (run: PacedRun) => number): string =>
    paced.reduce((total, run) => total + figureOf(run), 0).toString();
  return [
    `  open load of ${figure(of(({ intendedPerSecond }) => intendedPerSecond))}/s: on the simulator, CriClient over frames; `,
    `${figure(of(({ achievedPerSecond }) => achievedPerSecond))} starts a second, `,
    `p99 of the lag ${figure(of(({ lagP99Us }) => lagP99Us))} µs, `,
    `${figure(of(({ cpuShare }) => cpuShare))} of a core, `,
    `${sum(({ dropped }) => dropped)} dropped, ${sum(({ errors }) => errors)} errors`,
  ].join('');
}

function verdict(holds: boolean | null): string {
  if (holds === null) return 'unknown     ';
  return holds ? 'holds       ' : 'DOES NOT HOLD';
}

function figure(value: number | null): string {
  if (value === null) return '-';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(2);
}

function ratioText(value: number | null, base: number | null | undefined): string {
  return value === null || base == null ? '-' : `${(value / base).toFixed(2)}×`;
}
