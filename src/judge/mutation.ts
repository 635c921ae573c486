import type { Ground, Mutation, MutationPair, ProvenCase } from '../model/mutation.ts';
import type { Outcome } from '../model/outcome.ts';

/** A case that a fault was put before, and what became of it. */
export interface AskedPair {
  readonly fault: string;
  readonly caseId: string;
  readonly on: Ground;
  readonly wantedKey?: string;
  /** It proved nothing among others and was asked again alone; this is what came of that. */
  readonly again?: true;
  readonly outcome: Outcome;
}

/** A case that was asked with no fault on. */
export interface AskedPlain {
  readonly caseId: string;
  readonly on: Ground;
  readonly outcome: Outcome;
  readonly asked: readonly string[];
}

/** What a pair proves: a failed expectation of the body, and nothing else, is a kill. */
export function judgePair({ fault, caseId, on, wantedKey, again, outcome }: AskedPair): MutationPair {
  const marks = { ...(wantedKey === undefined ? {} : { wantedKey }), ...(again && { again }) };
  const pair = { fault, caseId, on, outcome: outcome.status, ...marks };
  switch (outcome.status) {
    case 'failed':
      return wantedKey === undefined || wantedKey === outcome.key
        ? { ...pair, state: 'killed', key: outcome.key }
        : { ...pair, state: 'no-proof', key: outcome.key, message: `failed at ${outcome.key}: ${outcome.message}` };
    case 'passed':
      return { ...pair, state: 'survived' };
    case 'skipped':
    case 'not-run':
      return { ...pair, state: 'skipped', message: outcome.reason };
    case 'errored':
      return { ...pair, state: 'no-proof', message: `${outcome.phase}: ${outcome.message}` };
    case 'timed-out':
    case 'runtime-died':
      return { ...pair, state: 'no-proof', message: outcome.message };
  }
}

/**
 * What all pairs together prove of each case.
 * @param caseIds every case of the suite
 * @param plain the cases as they went with no fault on: those that did not pass anywhere cannot be reached here
 */
export function provenCases(
  caseIds: readonly string[],
  pairs: readonly MutationPair[],
  plain: readonly AskedPlain[],
): ProvenCase[] {
  return caseIds.map((id) => {
    const proofs = pairs.flatMap(({ caseId, state, fault, key, on }) =>
      caseId === id && state === 'killed' && key !== undefined ? [{ fault, key, on }] : [],
    );
    const runs = plain.filter(({ caseId }) => caseId === id);
    const asked = new Set(runs.flatMap((run) => (run.outcome.status === 'passed' ? run.asked : [])));
    const unproven = [...asked].filter((key) => !proofs.some((proof) => proof.key === key));
    if (proofs.length > 0) return { id, state: 'killed', proofs, unproven };
    if (asked.size > 0) return { id, state: 'survived', proofs, unproven };
    return { id, state: 'unreachable-here', reason: whyUnreachable(runs), proofs, unproven };
  });
}

function whyUnreachable(runs: readonly AskedPlain[]): string {
  const reasons = runs.map(({ on, outcome }) => `on the ${on} it is ${told(outcome)}`);
  return reasons.length === 0 ? 'it was not asked' : reasons.join('; ');
}

function told(outcome: Outcome): string {
  switch (outcome.status) {
    case 'passed':
      return 'passed';
    case 'skipped':
    case 'not-run':
      return `${outcome.status}: ${outcome.reason}`;
    case 'failed':
    case 'errored':
    case 'timed-out':
    case 'runtime-died':
      return `${outcome.status}: ${outcome.message}`;
  }
}

/** Expectations, as case#key, by the faults that make them fail. */
export function killersOf(pairs: readonly MutationPair[]): ReadonlyMap<string, ReadonlySet<string>> {
  const killers = new Map<string, Set<string>>();
  for (const { state, caseId, key, fault } of pairs) {
    if (state !== 'killed' || key === undefined) continue;
    const expectation = `${caseId}#${key}`;
    killers.set(expectation, (killers.get(expectation) ?? new Set()).add(fault));
  }
  return killers;
}

/** How much is proven, in numbers of which the bad ones may only go down. */
export interface MutationTally {
  readonly killed: number;
  readonly survived: number;
  readonly unreachable: number;
  /** Expectations that were asked. */
  readonly expectations: number;
  readonly unproven: number;
}

export function tallyMutation({ cases }: Pick<Mutation, 'cases'>): MutationTally {
  const count = (state: ProvenCase['state']): number => cases.filter((one) => one.state === state).length;
  const unproven = cases.reduce((sum, one) => sum + one.unproven.length, 0);
  const proven = cases.reduce((sum, { proofs }) => sum + new Set(proofs.map(({ key }) => key)).size, 0);
  return {
    killed: count('killed'),
    survived: count('survived'),
    unreachable: count('unreachable-here'),
    expectations: proven + unproven,
    unproven,
  };
}

/** A fault that fails more of the cases than this is too coarse to prove any. */
const mostCollateral = 0.1;
/** At most this share of the expectations may be without a proof. */
const mostUnproven = 0.1;

/**
 * What is wrong with a matrix, in sentences; none when the suite is proven.
 * @param before an earlier one: what is not proven may only become less
 */
export function mutationProblems(mutation: Mutation, before: Mutation | undefined): readonly string[] {
  const problems: string[] = [];
  for (const { caseId, on, outcome, message } of mutation.baseline)
    problems.push(`${caseId} is ${outcome} on the ${on} with no fault on: ${message}`);
  for (const { fault, caseId, state, message = '' } of mutation.pairs) {
    if (state === 'killed') continue;
    problems.push(`${caseId} behind ${fault}: ${state}${message === '' ? '' : `, ${message}`}`);
  }
  for (const { name, collateral } of mutation.faults) {
    if (collateral && collateral.failed > collateral.asked * mostCollateral)
      problems.push(
        `${name} fails ${String(collateral.failed)} of ${String(collateral.asked)} cases, more than a tenth: it proves nothing`,
      );
  }
  if (mutation.sample !== undefined) return problems;
  for (const { id, state } of mutation.cases) if (state === 'survived') problems.push(`${id}: no fault kills it`);
  for (const { name, onlyKillerOf, reason, kills } of mutation.faults) {
    if (kills > 0 && onlyKillerOf.length === 0 && reason === undefined)
      problems.push(`${name} kills nothing that no other fault kills, and nothing says why it is there`);
  }
  const tally = tallyMutation(mutation);
  if (tally.unproven > tally.expectations * mostUnproven)
    problems.push(`${String(tally.unproven)} of ${String(tally.expectations)} expectations were never seen failing`);
  const earlier = before && tallyMutation(before);
  if (earlier && tally.unproven > earlier.unproven)
    problems.push(`${String(tally.unproven)} expectations are unproven; it was ${String(earlier.unproven)}`);
  if (earlier && tally.unreachable > earlier.unreachable)
    problems.push(`${String(tally.unreachable)} cases are unreachable here; it was ${String(earlier.unreachable)}`);
  return problems;
}
