import { shuffled, splitMix64 } from '../../benchmark/random.ts';
import type { Fault } from '../../faults/fault.ts';
import { matches, requireMatches } from '../../model/glob.ts';
import type { Ground } from '../../model/mutation.ts';
import type { MutationRequest } from './request.ts';

/** A case that a fault is to make fail. */
export interface Pair {
  readonly fault: Fault;
  readonly caseId: string;
  /** The expectation that is to fail, where the fault names it. */
  readonly wantedKey?: string;
  readonly on: Ground;
}

/** @throws UsageError when a glob matches no fault, naming the closest */
export function selectFaults(faults: readonly Fault[], globs: readonly string[]): readonly Fault[] {
  requireMatches(
    globs,
    faults.map(({ name }) => name),
    'fault',
  );
  return faults.filter(({ name }) => globs.length === 0 || globs.some((glob) => matches(glob, name)));
}

/**
 * The pairs that faults declare, as far as a request selects them.
 * @throws UsageError when a glob matches no case, naming the closest
 */
export function declaredPairs(
  faults: readonly Fault[],
  { select, sample }: MutationRequest,
  seed: number,
): readonly Pair[] {
  const all = faults.flatMap((fault) => fault.kills.map((kill) => pairOf(fault, kill)));
  requireMatches(
    select,
    all.map(({ caseId }) => caseId),
    'case',
  );
  const selected = all.filter(({ caseId }) => select.length === 0 || select.some((glob) => matches(glob, caseId)));
  return sample === undefined ? selected : shuffled(selected, splitMix64(BigInt(seed))).slice(0, sample);
}

function pairOf(fault: Fault, kill: string): Pair {
  const [caseId = '', wantedKey] = kill.split('#');
  return { fault, caseId, on: fault.provenOn, ...(wantedKey === undefined ? {} : { wantedKey }) };
}
