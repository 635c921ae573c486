import { messageOf } from '../model/error.ts';
import type { Warning } from '../model/warning.ts';
import { loadLabel, type Load, type Round, type WorkloadDeclaration, type WorkloadResult } from '../model/workload.ts';
import { median } from '../statistics/median.ts';
import { samplesToBound } from '../statistics/percentile-bound.ts';
import { countIn, workloadError, type WorkloadError } from './recorder.ts';
import { percentiles, summarise } from './summary.ts';
import type { Visit } from './visit.ts';

/** What came of each round that was begun; the warm-up round is not among them. */
export interface Series {
  readonly declaration: WorkloadDeclaration;
  readonly target: string;
  readonly load: Load;
  readonly plannedRounds: number;
  /** Features for want of which there are no visits. */
  readonly missing: readonly string[];
  readonly visits: readonly { readonly visit: Visit; readonly index: number; readonly order: number }[];
}

/** A round as results keep it; null when it was not measured to its end. */
export function roundOf({ visit, index, order }: Series['visits'][number]): Round | null {
  return visit.kind === 'measured' ? { index, order, ...visit.round } : null;
}

/** The result of a workload on a target under a load. */
export function resultOf(series: Series): WorkloadResult {
  const { declaration, target, load, visits } = series;
  const { id, revision, title, description, primary } = declaration;
  const rounds = visits.map(roundOf);
  const measured = rounds.filter((round) => round !== null);
  const operations = declaration.operations.map((operation) => ({
    ...summarise(
      operation.name,
      measured.flatMap((round) => round.operations.filter(({ name }) => name === operation.name)),
    ),
    description: operation.description,
  }));
  const errors = errorsOf(series);
  const completed = operations.some(({ name, count }) => name === primary && count > 0);
  const notRun = Array.from({ length: series.plannedRounds - rounds.length }, () => null);
  return {
    ...{ id, revision, title, description, primary, target, load },
    ...statusOf(series, completed, errors),
    rounds: visits.length === 0 ? [] : [...rounds, ...notRun],
    operations,
    errors,
  };
}

/** Only what was completed counts as measured: a runtime that fails at once is not a fast one. */
function statusOf(
  { missing, target, visits, declaration: { primary } }: Series,
  completed: boolean,
  errors: readonly WorkloadError[],
): Pick<WorkloadResult, 'status' | 'reason'> {
  if (missing.length > 0) return { status: 'skipped', reason: `${target} does not offer ${missing.join(', ')}` };
  if (completed) return { status: 'measured' };
  for (const { visit } of visits) {
    if (visit.kind === 'unprepared') {
      return { status: 'failed', reason: `it could not be prepared: ${messageOf(visit.error)}` };
    }
  }
  const [error] = errors;
  if (error !== undefined) {
    return { status: 'failed', reason: `no iteration got through ${primary}; ${error.operation}: ${error.message}` };
  }
  for (const { visit } of visits) {
    if (visit.kind === 'lost') return { status: 'failed', reason: `no round was measured: ${visit.problem}` };
  }
  return { status: 'not-run', reason: 'the run was interrupted before a round of it was done' };
}

function errorsOf({ visits }: Series): WorkloadError[] {
  const errors: WorkloadError[] = [];
  for (const { visit } of visits) {
    if (visit.kind === 'unprepared') countIn(errors, workloadError('prepare', visit.error));
    if (visit.kind === 'measured') for (const error of visit.errors) countIn(errors, error);
  }
  return errors;
}

/** Why the figures of a result deserve less trust than they seem to. */
export function warningsOf(series: Series, result: WorkloadResult): readonly Warning[] {
  const about = { target: series.target, subject: series.declaration.id };
  const warn = (kind: Warning['kind'], message: string | undefined): readonly Warning[] =>
    message === undefined ? [] : [{ kind, message: `${loadLabel(series.load)}: ${message}`, ...about }];
  return [
    ...warn('lost-round', lostRounds(series)),
    ...warn('failed-calls', failedCalls(result)),
    ...warn('too-few-samples', tooFewSamples(result)),
    ...warn('client-saturated', clientSaturated(result)),
  ];
}

function lostRounds({ visits, plannedRounds }: Series): string | undefined {
  const lost = visits.flatMap(({ visit }) => (visit.kind === 'lost' ? [visit.problem] : []));
  const [first] = lost;
  if (first === undefined) return undefined;
  return `${String(lost.length)} of ${String(plannedRounds)} rounds were lost and are left out, the first one to: ${first}`;
}

function failedCalls({ status, operations, errors }: WorkloadResult): string | undefined {
  // One that failed altogether has its reason in the result.
  if (status !== 'measured') return undefined;
  const failed = operations.filter(({ failures }) => failures > 0);
  const [error] = errors;
  if (error === undefined) return undefined;
  const counts = failed.map(
    ({ name, count, failures }) => `${String(failures)} of ${String(count + failures)} ${name}`,
  );
  return `${counts.join(', ') || 'iterations'} failed and are in no latency; the first error of ${error.operation}: ${error.message}`;
}

function tooFewSamples({ status, operations }: WorkloadResult): string | undefined {
  if (status !== 'measured') return undefined;
  const least = Math.min(...operations.map(({ count }) => count));
  const withheld = Object.entries(percentiles)
    .filter(([, quantile]) => least < samplesToBound(quantile))
    .map(([field, quantile]) => `${field.replace('Ns', '')} (wants ${String(samplesToBound(quantile))})`);
  if (withheld.length === 0) return undefined;
  return `${String(least)} samples of an operation cannot bound ${withheld.join(' or ')}; percentiles without enough samples are left out`;
}

/** Above this share of a core crible's own work is in the way of what it measures. */
const mostOfACore = 0.5;

function clientSaturated({ rounds }: WorkloadResult): string | undefined {
  const shares = rounds.flatMap((round) => (round === null ? [] : [(round.cribleCpuNs ?? 0) / round.durationNs]));
  const over = shares.filter((share) => share > mostOfACore).length;
  if (over === 0) return undefined;
  return (
    `crible itself used more than half a core in ${String(over)} of ${String(shares.length)} rounds ` +
    `(${median(shares).toFixed(2)} of a core in the median one): the figures are partly its own`
  );
}
