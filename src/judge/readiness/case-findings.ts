import type { CaseResult } from '../../model/case.ts';
import type { Found, Requirement } from './requirement.ts';

/** A finding, and the cases that it rests on. */
export interface FoundByCases extends Found {
  readonly caseIds: readonly string[];
}

/** A case that a node needs, and what became of it; nothing when the run did not ask it. */
export interface NeededCase {
  readonly id: string;
  readonly result: CaseResult | undefined;
}

/** What a case shows of its promise; `unsettled` was asked without an answer that proves anything. */
type Standing = 'kept' | 'broken' | 'unsettled' | 'unseen';

function standingOf({ result }: NeededCase): Standing {
  switch (result?.outcome.status) {
    case 'passed':
      return result.flaky === true ? 'unsettled' : 'kept';
    case 'failed':
    case 'runtime-died':
      return 'broken';
    case 'errored':
      return result.outcome.phase === 'foreign-interference' ? 'unseen' : 'unsettled';
    case 'timed-out':
      return 'unsettled';
    case 'skipped':
    case 'not-run':
    case undefined:
      return 'unseen';
  }
}

/**
 * What the cases behind a requirement say of it, known deviations no less than new ones: whether a failure was expected
 * makes no difference to a node. Only a promise that the kubelet cannot do without blocks. What was asked and never once
 * came out well counts as broken, so that nobody reads a runtime that cannot run a pod as ready for want of proof.
 */
export function findByCases(requirement: Requirement, cases: readonly NeededCase[]): FoundByCases {
  const { severity, met, broken, unverified } = requirement;
  const inStanding = (standing: Standing) => cases.filter((one) => standingOf(one) === standing);
  const [kept, failed, unsettled, unseen] = [
    inStanding('kept'),
    inStanding('broken'),
    inStanding('unsettled'),
    inStanding('unseen'),
  ];
  const idsOf = (some: readonly NeededCase[]) => some.map(({ id }) => id);
  if (failed.length > 0) {
    const essential = failed.some(({ result }) => result?.level === 'required');
    const finding = essential ? severity : 'caveat';
    const claim = finding === severity ? broken : `${met}, but not in every respect`;
    return { finding, text: `${claim}; not kept: ${titlesOf(failed)}`, caseIds: idsOf(failed) };
  }
  if (unsettled.length > 0 && kept.length === 0) {
    const text = `It was not once seen to do what is needed: ${broken}; without a clear answer: ${titlesOf(unsettled)}`;
    return { finding: severity, text, caseIds: idsOf(unsettled) };
  }
  const unknown = [...unsettled, ...unseen];
  if (unknown.length > 0) {
    const extent = kept.length === 0 ? '' : ` by ${String(unknown.length)} of ${String(cases.length)} cases`;
    const text = `Not verified${extent}: ${unverified} (${whyUnknown(unsettled, unseen)})`;
    return { finding: 'not-verified', text, caseIds: idsOf(unknown) };
  }
  return { finding: 'met', text: met, caseIds: idsOf(kept) };
}

/** At most three by name, so that the sentence stays one. */
function titlesOf(cases: readonly NeededCase[]): string {
  const named = cases.slice(0, 3).map(({ id, result }) => `“${result?.title ?? id}”`);
  const more = cases.length - named.length;
  return [...named, ...(more > 0 ? [`${String(more)} more`] : [])].join(', ');
}

function whyUnknown(unsettled: readonly NeededCase[], unseen: readonly NeededCase[]): string {
  const missing = new Set<string>();
  const others = new Set<string>(unsettled.length > 0 ? [`no clear answer to ${titlesOf(unsettled)}`] : []);
  for (const { result } of unseen) {
    const outcome = result?.outcome;
    if (outcome?.status === 'skipped') outcome.missing.forEach((feature) => missing.add(feature));
    else if (outcome?.status === 'not-run') others.add(`not run: ${outcome.reason}`);
    else others.add(outcome === undefined ? 'not asked in this run' : 'another client interfered');
  }
  return [...(missing.size > 0 ? [`for want of ${[...missing].join(', ')}`] : []), ...others].join('; ');
}
