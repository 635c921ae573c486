import type { Case } from '../kit/case.ts';
import type { CaseDeclaration, Level } from '../model/case.ts';
import { matches, requireMatches } from '../model/glob.ts';

/** Which cases a run asks. */
export interface Selection {
  /** Globs over case ids; none means all that are needed. */
  readonly select: readonly string[];
  readonly skip: readonly string[];
  /** Includes the levels before it: required, specified, optional. */
  readonly level: Level;
  /** Which cases matter where none is named; all unless given. */
  readonly isNeeded?: (declaration: CaseDeclaration) => boolean;
}

const depth: Record<Level, number> = { required: 0, specified: 1, optional: 2 };

/**
 * The cases that a selection names.
 * @throws UsageError when a glob matches no case at all, naming the closest ids
 */
export function selectCases(
  cases: readonly Case[],
  { select, skip, level, isNeeded = () => true }: Selection,
): readonly Case[] {
  const ids = cases.map(({ declaration }) => declaration.id);
  requireMatches([...select, ...skip], ids, 'case');
  return cases.filter(
    ({ declaration }) =>
      (select.length === 0 ? isNeeded(declaration) : select.some((glob) => matches(glob, declaration.id))) &&
      !skip.some((glob) => matches(glob, declaration.id)) &&
      depth[declaration.level] <= depth[level],
  );
}
