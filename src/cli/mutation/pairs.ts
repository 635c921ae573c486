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

/**
 * The pairs that faults declare, as far as a request selects them.
 * @throws UsageError when a glob matches nothing, naming the closest
 */
export function declaredPairs(
  faults: readonly Fault[],
  { fault: faultGlobs, select, sample }: MutationRequest,
  seed: number,
): readonly Pair[] {
  requireMatches(
    faultGlobs,
    faults.map(({ name }) => name),
    'fault',
  );
  const all = faults
    .filter(({ name }) => faultGlobs.length === 0 || faultGlobs.some((glob) => matches(glob, name)))
    .flatMap((fault) => fault.kills.map((kill) => pairOf(fault, kill)));
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
