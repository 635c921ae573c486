import { messageOf } from '../model/error.ts';
import type { Load, Round, WorkloadDeclaration, WorkloadResult } from '../model/workload.ts';
import { median } from '../statistics/median.ts';
import { countIn, workloadError, type WorkloadError } from './recorder.ts';
import { summarise } from './summary.ts';
import type { Visit } from './visit.ts';

/** What came of each round that was begun; the warm-up round is not among them. */
export interface Series {
  readonly declaration: WorkloadDeclaration;
  readonly target: string;
  readonly load: Load;
  readonly plannedRounds: number;
  /** Why there are no visits. */
  readonly skipped?: string;
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
  const measures = declaration.measures.map((measure) => ({ ...measure, median: medianOf(measure.name, measured) }));
  const completed =
    operations.some(({ name, count }) => name === primary && count > 0) ||
    measures.some((measure) => measure.name === primary && measure.median !== null);
  const notRun = Array.from({ length: series.plannedRounds - rounds.length }, () => null);
  return {
    ...{ id, revision, title, description, primary, target, load },
    ...statusOf(series, completed, errors),
    rounds: visits.length === 0 ? [] : [...rounds, ...notRun],
    operations,
    measures,
    errors,
  };
}

/** The figure of all rounds: the median of theirs; null when none has one. */
function medianOf(measure: string, rounds: readonly Round[]): number | null {
  const values = rounds.flatMap(({ measures }) => measures.filter(({ name }) => name === measure));
  return values.length === 0 ? null : median(values.map(({ value }) => value));
}

/** Only what was completed counts as measured: a runtime that fails at once is not a fast one. */
function statusOf(
  { skipped, visits, declaration: { primary } }: Series,
  completed: boolean,
  errors: readonly WorkloadError[],
): Pick<WorkloadResult, 'status' | 'reason'> {
  if (skipped !== undefined) return { status: 'skipped', reason: skipped };
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
    if (visit.kind === 'unbegun') countIn(errors, workloadError('beginRound', visit.error));
    if (visit.kind === 'measured') for (const error of visit.errors) countIn(errors, error);
  }
  return errors;
}
