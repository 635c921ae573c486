import { readinessWords } from '../../reports/readiness-words.ts';
import { comparisonSentence } from '../../reports/comparison-words.ts';
import { isKnownDeviation, tally } from '../../reports/tally.ts';
import { exitCodes } from '../model/result.ts';
import type { ExitReason, Readiness, Result } from '../model/result.ts';
import { loadLabel } from '../model/workload.ts';
import { counted } from './counted.ts';
import { oneLine } from './printable.ts';
import { primaryFigure } from './primary-figure.ts';
import type { Style } from './style.ts';

export interface SummaryFacts {
  readonly result: Result;
  readonly reason: ExitReason;
  /** The folder with the reports. */
  readonly folder: string;
  readonly reports: readonly string[];
}

/** The last words of a run, for people. */
export function summaryText({ result, reason, folder, reports }: SummaryFacts, style: Style): string {
  const simulated = result.warnings.filter(({ kind }) => kind === 'simulator-instead-of-runtime');
  const words = reason === 'expected' && !result.run.complete ? 'as expected, as far as it went' : reasonWords[reason];
  const lines = [
    '',
    ...simulated.map(({ message }) => style('yellow', `warning: ${oneLine(message)}`)),
    ...result.targets.map((target) => {
      const told = target.state === 'ready' ? countsOf(result, target.name) : oneLine(target.problem ?? target.state);
      return `${style('bold', target.name)} (${oneLine(`${target.runtimeName} ${target.runtimeVersion}`.trim())}): ${told}`;
    }),
    ...(result.readiness ?? []).map((readiness) => readinessLine(readiness, style)),
    ...result.workloads.map((workload) => {
      const { id, target, load, status } = workload;
      return `${style('bold', target)}: ${id}@${loadLabel(load)}: ${primaryFigure(workload) ?? status}`;
    }),
    ...result.comparisons.filter(({ primary }) => primary).map((comparison) => oneLine(comparisonSentence(comparison))),
    ...(result.run.complete ? [] : [style('yellow', `incomplete: ${oneLine(result.run.incompleteReason ?? '')}`)]),
    `${style(reason === 'expected' ? 'green' : 'red', words)} (exit code ${String(exitCodes[reason])})`,
    `report: ${folder}/${reports.find((name) => name.endsWith('.html')) ?? reports[0] ?? ''}`,
  ];
  return lines.join('\n');
}

const readinessStyles = { ready: 'green', 'ready-with-caveats': 'yellow', 'not-ready': 'red' } as const;

/** The verdict, and what weighs most against it. */
function readinessLine({ target, purpose, verdict, reasons }: Readiness, style: Style): string {
  const { headline, against } = readinessWords({ purpose, verdict, reasons });
  const [first] = against;
  const more = against.length > 1 ? ` (and ${String(against.length - 1)} more)` : '';
  const why = first === undefined ? '' : `: ${oneLine(first.text)}${more}`;
  return `${style('bold', target)}: ${style(readinessStyles[verdict], headline)}${why}`;
}

function countsOf(result: Result, target: string): string {
  const cases = result.cases.filter((one) => one.target === target);
  if (cases.length === 0) return 'no cases asked';
  const { total, byStatus, unexpectedFailures, unexpectedPasses } = tally(cases);
  const known = cases.filter(isKnownDeviation).length;
  const counts = [
    `${String(byStatus.passed)} of ${String(total)} cases passed`,
    ...some(known, 'known deviation'),
    ...some(unexpectedFailures, 'unexpected failure'),
    ...some(unexpectedPasses, 'unexpected pass', 'unexpected passes'),
    ...(byStatus.skipped > 0 ? [`${String(byStatus.skipped)} skipped`] : []),
    ...(byStatus['not-run'] > 0 ? [`${String(byStatus['not-run'])} not run`] : []),
  ];
  return counts.join(', ');
}

function some(count: number, what: string, many = `${what}s`): readonly string[] {
  return count > 0 ? [counted(count, what, many)] : [];
}

const reasonWords: Readonly<Record<ExitReason, string>> = {
  interrupted: 'interrupted',
  defect: 'crible itself failed',
  usage: 'not as asked: bad usage or configuration',
  target: 'a target could not be reached or died',
  conformance: 'not as expected',
  gate: 'a gate broke',
  expected: 'as expected',
};

/** The same for programs: one JSON object. */
export function summaryJson({ result, reason, folder, reports }: SummaryFacts): string {
  return JSON.stringify({
    runId: result.run.id,
    complete: result.run.complete,
    ...(result.run.incompleteReason === undefined ? {} : { incompleteReason: result.run.incompleteReason }),
    exitCode: exitCodes[reason],
    exitReason: reason,
    folder,
    reports,
    targets: result.targets.map(({ name, runtimeName, runtimeVersion, state, problem }) => {
      const { total, byStatus, knownDeviations, unexpectedFailures, unexpectedPasses } = tally(
        result.cases.filter(({ target }) => target === name),
      );
      const cases = { total, ...byStatus, knownDeviations, unexpectedFailures, unexpectedPasses };
      return { name, runtimeName, runtimeVersion, state, ...(problem === undefined ? {} : { problem }), cases };
    }),
    workloads: result.workloads.map(({ id, target, load, status, operations }) => ({
      ...{ id, target, load, status },
      operations: operations.map(({ name, count, failures, p50Ns, p90Ns, p99Ns }) => ({
        name,
        count,
        failures,
        p50Ns,
        p90Ns,
        p99Ns,
      })),
    })),
    ...(result.readiness === undefined ? {} : { readiness: result.readiness }),
    warnings: result.warnings,
  });
}
