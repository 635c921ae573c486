import type { Case } from '../kit/case.ts';
import type { Level } from '../model/case.ts';
import { matches, requireMatches } from '../model/glob.ts';

/** Which cases a run asks. */
export interface Selection {
  /** Globs over case ids; none means all. */
  readonly select: readonly string[];
  readonly skip: readonly string[];
  /** Includes the levels before it: required, specified, optional. */
  readonly level: Level;
}

const depth: Record<Level, number> = { required: 0, specified: 1, optional: 2 };

/**
 * The cases that a selection names.
 * @throws UsageError when a glob matches no case at all, naming the closest ids
 */
export function selectCases(cases: readonly Case[], { select, skip, level }: Selection): readonly Case[] {
  const ids = cases.map(({ declaration }) => declaration.id);
  requireMatches([...select, ...skip], ids, 'case');
  return cases.filter(
    ({ declaration: { id, level: ofCase } }) =>
      (select.length === 0 || select.some((glob) => matches(glob, id))) &&
      !skip.some((glob) => matches(glob, id)) &&
      depth[ofCase] <= depth[level],
  );
}
