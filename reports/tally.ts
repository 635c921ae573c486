import type { CaseResult } from '../src/model/case.ts';
import type { OutcomeStatus } from '../src/model/outcome.ts';

/** What reports call the outcome of a case: a pass on a retry is never counted as passed. */
export type ReportedStatus = OutcomeStatus | 'flaky';

/** The columns of every table of counts, worst first. */
export const reportedStatuses = [
  'runtime-died',
  'failed',
  'timed-out',
  'errored',
  'flaky',
  'not-run',
  'skipped',
  'passed',
] as const satisfies readonly ReportedStatus[];

export function reportedStatus(result: CaseResult): ReportedStatus {
  return result.outcome.status === 'passed' && result.flaky === true ? 'flaky' : result.outcome.status;
}

/** Went wrong, and is known to. */
export function isKnownDeviation(result: CaseResult): boolean {
  return result.verdict === 'as-expected' && wentWrong(result);
}

export function isUnexpected(result: CaseResult): boolean {
  return result.verdict === 'unexpected-failure' || result.verdict === 'unexpected-pass';
}

/** Whether the runtime was asked and something other than a pass came of it. */
export function wentWrong({ outcome }: CaseResult): boolean {
  switch (outcome.status) {
    case 'failed':
    case 'errored':
    case 'timed-out':
    case 'runtime-died':
      return true;
    case 'passed':
    case 'skipped':
    case 'not-run':
      return false;
  }
}

export interface Tally {
  readonly total: number;
  readonly byStatus: Readonly<Record<ReportedStatus, number>>;
  readonly knownDeviations: number;
  readonly unexpectedFailures: number;
  readonly unexpectedPasses: number;
}

/** Every report counts with this. */
export function tally(cases: readonly CaseResult[]): Tally {
  const count = (matches: (result: CaseResult) => boolean) => cases.filter(matches).length;
  const ofStatus = (status: ReportedStatus) => count((result) => reportedStatus(result) === status);
  return {
    total: cases.length,
    byStatus: {
      passed: ofStatus('passed'),
      failed: ofStatus('failed'),
      errored: ofStatus('errored'),
      'timed-out': ofStatus('timed-out'),
      skipped: ofStatus('skipped'),
      'not-run': ofStatus('not-run'),
      'runtime-died': ofStatus('runtime-died'),
      flaky: ofStatus('flaky'),
    },
    knownDeviations: count(isKnownDeviation),
    unexpectedFailures: count((result) => result.verdict === 'unexpected-failure'),
    unexpectedPasses: count((result) => result.verdict === 'unexpected-pass'),
  };
}
