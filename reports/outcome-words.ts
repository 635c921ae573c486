import type { CaseResult, Level } from '../src/model/case.ts';
import { groupBy } from './group-by.ts';
import { isKnownDeviation, reportedStatus, type ReportedStatus } from './tally.ts';

/** How a report colours a statement; the words always say it too. */
export type Tone = 'good' | 'bad' | 'doubt' | 'known' | 'quiet';

export interface OutcomeWords {
  readonly label: string;
  readonly tone: Tone;
  /** Names one of the report's icons. */
  readonly icon: ReportedStatus | 'known' | 'unexpected-pass';
}

const ofStatus: Readonly<Record<ReportedStatus, { readonly label: string; readonly tone: Tone }>> = {
  passed: { label: 'passed', tone: 'good' },
  failed: { label: 'failed', tone: 'bad' },
  errored: { label: 'errored', tone: 'doubt' },
  'timed-out': { label: 'timed out', tone: 'doubt' },
  'runtime-died': { label: 'runtime died', tone: 'bad' },
  skipped: { label: 'skipped', tone: 'quiet' },
  'not-run': { label: 'not run', tone: 'quiet' },
  flaky: { label: 'flaky', tone: 'doubt' },
};

export function statusLabel(status: ReportedStatus): string {
  return ofStatus[status].label;
}

/** Outcome and verdict in a few words: a known deviation never looks like a new one. */
export function outcomeWords(result: CaseResult): OutcomeWords {
  const status = reportedStatus(result);
  const { label, tone } = ofStatus[status];
  if (isKnownDeviation(result)) return { label: `${label}, as expected`, tone: 'known', icon: 'known' };
  if (result.verdict === 'unexpected-pass') {
    return { label: 'passed, but must fail', tone: 'bad', icon: 'unexpected-pass' };
  }
  return { label, tone, icon: status };
}

/** What a level means for a reader who has to decide. */
export const levelWords: Readonly<Record<Level, string>> = {
  required: 'the kubelet relies on it',
  specified: 'the CRI says so',
  optional: 'a feature that a runtime declares',
};

/** How often each outcome came up, best first. */
export function outcomeCounts(
  cases: readonly CaseResult[],
): readonly { readonly words: OutcomeWords; readonly count: number }[] {
  const best: readonly Tone[] = ['good', 'known', 'bad', 'doubt', 'quiet'];
  return [...groupBy(cases, (result) => outcomeWords(result).label).values()]
    .flatMap((same) => same.slice(0, 1).map((result) => ({ words: outcomeWords(result), count: same.length })))
    .toSorted((a, b) => best.indexOf(a.words.tone) - best.indexOf(b.words.tone));
}
