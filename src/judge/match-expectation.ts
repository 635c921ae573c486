import type { Expectation } from '../model/expectation.ts';
import { matches } from '../model/glob.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import { isAtLeast, isInRange } from './version.ts';

/** What an expectation needs to know of a target. */
export type JudgedTarget = Pick<Target, 'name' | 'runtimeName' | 'runtimeVersion' | 'handler' | 'features'>;

/** Whether an expectation is about this target; a `may-fail` is about no version from the one where it expires. */
export function appliesTo(expectation: Expectation, target: JudgedTarget): boolean {
  const { runtime, versions, handlers, needs = [] } = expectation;
  return (
    runtime === target.runtimeName &&
    isInRange(target.runtimeVersion, versions) &&
    (handlers === undefined || handlers.includes(target.handler)) &&
    needs.every((need) => isMet(need, target)) &&
    !(expectation.expect === 'may-fail' && isAtLeast(target.runtimeVersion, expectation.expires))
  );
}

/**
 * The expectation by which an outcome of a case on a target is judged. Where several apply (a case may be known to break
 * in two ways), the one that names the way in which it broke.
 */
export function matchExpectation(
  expectations: readonly Expectation[],
  caseId: string,
  target: JudgedTarget,
  outcome: Outcome,
): Expectation | undefined {
  const applying = expectations.filter(
    (expectation) => expectation.cases.some((glob) => matches(glob, caseId)) && appliesTo(expectation, target),
  );
  return applying.find((expectation) => coversFailure(expectation, outcome)) ?? applying[0];
}

/** Whether the outcome is the broken promise that the expectation is about. */
export function coversFailure(expectation: Expectation, outcome: Outcome): boolean {
  return outcome.status === 'failed' && (expectation.key === undefined || expectation.key === outcome.key);
}

function isMet(need: string, { features }: JudgedTarget): boolean {
  const absent = need.startsWith('!');
  const name = absent ? need.slice(1) : need;
  return features.some((feature) => feature.name === name && feature.present) !== absent;
}
