import type { CaseResult, Level } from '../src/model/case.ts';
import type { Result } from '../src/model/result.ts';
import { groupBy } from './group-by.ts';
import { reportedStatus } from './tally.ts';

/** One case on all targets; a cell is missing where the case was not part of the target's run. */
export interface CaseRow {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly cells: readonly (CaseResult | undefined)[];
  readonly differs: boolean;
}

/** Cases whose ids begin with the same word. */
export interface CaseArea {
  readonly name: string;
  readonly rows: readonly CaseRow[];
}

/** Case × target in alphabetical order, the cells in the order of `result.targets`. */
export function caseAreas(result: Result): readonly CaseArea[] {
  const rows = [...groupBy(result.cases, ({ id }) => id)].flatMap(([id, results]) => {
    const [first] = results;
    if (!first) return [];
    const cells = result.targets.map(({ name }) => results.find(({ target }) => target === name));
    return [{ id, title: first.title, level: first.level, cells, differs: differ(cells) }];
  });
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [...groupBy(sorted, ({ id }) => id.split('/')[0] ?? id)].map(([name, inArea]) => ({ name, rows: inArea }));
}

/** A case that was not run says nothing about a target, so it does not differ from anything. */
function differ(cells: readonly (CaseResult | undefined)[]): boolean {
  const known = cells.filter((cell) => cell !== undefined && cell.outcome.status !== 'not-run');
  return new Set(known.map((cell) => cell && `${reportedStatus(cell)} ${cell.verdict}`)).size > 1;
}
