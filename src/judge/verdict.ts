import type { CaseVerdict, Expectation } from '../model/expectation.ts';
import type { Outcome } from '../model/outcome.ts';
import { coversFailure } from './match-expectation.ts';

/**
 * What follows from an outcome and what was expected of it. Only a broken promise, `failed`, meets an expectation: a case
 * that errored, ran out of time or killed the runtime shows something else than the known deviation.
 *
 * @param expectation the one that applies to this case on this target, if any (`matchExpectation`)
 * @param flaky passed on a retry only: it failed as well, so it neither passed nor failed as it must
 */
export function verdictOf(outcome: Outcome, expectation: Expectation | undefined, flaky = false): CaseVerdict {
  switch (outcome.status) {
    case 'skipped':
    case 'not-run':
      return 'not-judged';
    case 'passed':
      if (expectation?.expect === 'must-fail') return 'unexpected-pass';
      return flaky && expectation === undefined ? 'unexpected-failure' : 'as-expected';
    case 'failed':
      return expectation !== undefined && coversFailure(expectation, outcome) ? 'as-expected' : 'unexpected-failure';
    case 'errored':
    case 'timed-out':
    case 'runtime-died':
      return 'unexpected-failure';
  }
}
