import type { CaseResult } from '../src/model/case.ts';
import type { Result } from '../src/model/result.ts';
import type { Target } from '../src/model/target.ts';
import type { Warning } from '../src/model/warning.ts';
import type { Tone } from './outcome-words.ts';
import { faultsBefore } from './marked-faults.ts';
import { asSentence, formatCount, joinWords } from './quantity.ts';
import { readinessWords } from './readiness-words.ts';
import { isKnownDeviation, reportedStatus, tally, wentWrong, type ReportedStatus, type Tally } from './tally.ts';

/** What a run says about one target, in sentences for somebody who has to decide. */
export interface TargetVerdict {
  readonly target: Target;
  readonly tone: Tone;
  readonly headline: string;
  readonly sentences: readonly string[];
  readonly tally: Tally;
}

export function targetVerdicts(result: Result): readonly TargetVerdict[] {
  return result.targets.map((target) => {
    const cases = result.cases.filter((entry) => entry.target === target.name);
    const counts = tally(cases);
    return {
      target,
      ...headline(result, target, cases, counts),
      sentences: sentences(target, cases),
      tally: counts,
    };
  });
}

/** `containerd 1.6.20~ds1, handler runc, CRI v1`. */
export function targetWords({ runtimeName, runtimeVersion, handler, apiVersion, state }: Target): string {
  if (state === 'unreachable') return 'never answered';
  const handlerWords = handler === '' ? 'default handler' : `handler ${handler}`;
  return `${runtimeName} ${runtimeVersion}, ${handlerWords}, CRI ${apiVersion}`;
}

function headline(
  result: Result,
  { name, state }: Target,
  cases: readonly CaseResult[],
  counts: Tally,
): { readonly tone: Tone; readonly headline: string } {
  if (state === 'unreachable') return { tone: 'bad', headline: 'Could not be reached' };
  if (state === 'died') return { tone: 'bad', headline: 'Died during the run' };
  if (result.warnings.some((warning) => isSimulator(warning) && (warning.target ?? name) === name)) {
    return { tone: 'quiet', headline: 'The simulator answered, not a runtime' };
  }

  const readiness = result.readiness?.find((entry) => entry.target === name);
  if (readiness) {
    const { tone, headline } = readinessWords(readiness);
    return { tone, headline };
  }

  const unexpected = counts.unexpectedFailures + counts.unexpectedPasses;
  if (unexpected > 0) return { tone: 'bad', headline: formatCount(unexpected, 'unexpected outcome') };
  if (asked(cases).length === 0) {
    const measured = result.workloads.some((workload) => workload.target === name && workload.status === 'measured');
    return { tone: 'quiet', headline: measured ? 'Measured, not judged' : 'Nothing is known' };
  }
  const notRun = counts.byStatus['not-run'];
  if (notRun > 0) return { tone: 'doubt', headline: `As expected so far, ${formatCount(notRun, 'case')} not run` };
  if (counts.knownDeviations > 0) {
    return { tone: 'known', headline: `As expected, with ${formatCount(counts.knownDeviations, 'known deviation')}` };
  }
  if (cases.some(wentWrong) || counts.byStatus.flaky > 0)
    return { tone: 'doubt', headline: 'Not all promises were kept' };
  return { tone: 'good', headline: 'Kept every promise it was asked about' };
}

function sentences(target: Target, cases: readonly CaseResult[]): readonly string[] {
  const inVerdict = (wanted: CaseResult['verdict']) => cases.filter((entry) => entry.verdict === wanted);
  const withStatus = (...statuses: readonly ReportedStatus[]) =>
    cases.filter((entry) => statuses.includes(reportedStatus(entry)));
  const missing = [...new Set(withStatus('skipped').flatMap(missingFeatures))];
  return [
    ...(faultsBefore(target).length === 0
      ? []
      : [
          `A fault was put before it on purpose, ${joinWords(faultsBefore(target))}: nothing here is the runtime as it is.`,
        ]),
    ...(target.problem === undefined ? [] : [`${target.problem}.`]),
    ...keptSentence(cases),
    ...about(inVerdict('unexpected-failure').filter(broke), (n) => `Broken, and not known before: ${n}.`),
    ...about(
      inVerdict('unexpected-pass'),
      (n) => `Passed although it must fail, so the list of expectations is out of date: ${n}.`,
    ),
    ...about(cases.filter(isKnownDeviation), (n) => `Known to deviate: ${n}.`),
    ...about(withStatus('runtime-died'), (n) => `It died while it was asked whether it ${n}.`),
    ...about(withStatus('errored', 'timed-out'), (n) => `No answer, which proves nothing either way: ${n}.`),
    ...about(withStatus('flaky'), (n) => `Passed only on a retry: ${n}.`),
    ...(missing.length === 0
      ? []
      : [`${formatCount(withStatus('skipped').length, 'case')} skipped for want of ${joinWords(missing)}.`]),
    ...(withStatus('not-run').length === 0 ? [] : [`${formatCount(withStatus('not-run').length, 'case')} not run.`]),
    ...(target.disturbed
      ? ['Another client was at work on the same runtime: outcomes and figures may be disturbed.']
      : []),
  ].map(asSentence);
}

function keptSentence(cases: readonly CaseResult[]): readonly string[] {
  const all = asked(cases);
  if (all.length === 0) return [];
  const required = all.filter(({ level }) => level === 'required');
  const kept = (of: readonly CaseResult[]) => of.filter((entry) => reportedStatus(entry) === 'passed').length;
  if (kept(all) === all.length) {
    const most = all.length === 1 ? 'the one promise' : `all ${formatCount(all.length, 'promise')}`;
    return [`It kept ${most} that it was asked about; the kubelet relies on ${String(required.length)} of them.`];
  }
  const promises = `It kept ${String(kept(all))} of ${formatCount(all.length, 'promise')} that it was asked about`;
  return [
    required.length === 0
      ? `${promises}.`
      : `${promises}, and ${String(kept(required))} of the ${String(required.length)} that the kubelet relies on.`,
  ];
}

/** At most three titles by name, so that the sentence stays one. */
function about(cases: readonly CaseResult[], sentence: (names: string) => string): readonly string[] {
  if (cases.length === 0) return [];
  const named = cases.slice(0, 3).map(({ title }) => `“${title}”`);
  const more = cases.length - named.length;
  return [sentence(joinWords(more > 0 ? [...named, `${String(more)} more`] : named))];
}

/** Nothing that a simulator answers says anything about a runtime, so nothing of it may look like a verdict. */
function isSimulator({ kind }: Warning): boolean {
  return kind === 'simulator-instead-of-runtime';
}

function asked(cases: readonly CaseResult[]): readonly CaseResult[] {
  return cases.filter(({ outcome }) => outcome.status !== 'skipped' && outcome.status !== 'not-run');
}

function broke({ outcome }: CaseResult): boolean {
  return outcome.status === 'failed';
}

function missingFeatures({ outcome }: CaseResult): readonly string[] {
  return outcome.status === 'skipped' ? outcome.missing : [];
}
