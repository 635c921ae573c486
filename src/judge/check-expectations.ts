import { UsageError } from '../model/error.ts';
import type { Expectation } from '../model/expectation.ts';
import { matches, requireMatches } from '../model/glob.ts';
import { appliesTo } from './match-expectation.ts';
import type { JudgedTarget } from './match-expectation.ts';

/**
 * Makes sure that every pattern is about a case that exists, selected for this run or not: an expectation that lost its
 * case would go on excusing nothing unnoticed.
 * @throws UsageError naming the closest ids
 */
export function requireKnownCases(expectations: readonly Expectation[], caseIds: readonly string[]): void {
  requireMatches(
    expectations.flatMap(({ cases }) => cases),
    caseIds,
    'case that an expectation could be about',
  );
}

/**
 * Makes sure that no case must fail and may fail on the same target.
 * @throws UsageError naming the first such case
 */
export function requireNoContradiction(
  expectations: readonly Expectation[],
  caseIds: readonly string[],
  targets: readonly JudgedTarget[],
): void {
  for (const target of targets) {
    const applying = expectations.filter((expectation) => appliesTo(expectation, target));
    for (const id of caseIds) {
      const kinds = applying.filter(({ cases }) => cases.some((glob) => matches(glob, id)));
      if (new Set(kinds.map(({ expect }) => expect)).size < 2) continue;
      throw new UsageError(
        `${id} on ${target.name} (${target.runtimeName} ${target.runtimeVersion}) is expected both to fail always (must-fail) and to fail at times (may-fail)`,
        `narrow the versions, handlers or needs of one: ${kinds.map(({ reason }) => `'${reason}'`).join(' or ')}`,
      );
    }
  }
}
