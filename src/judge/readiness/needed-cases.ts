import type { CaseDeclaration } from '../../model/case.ts';
import { matches } from '../../model/glob.ts';
import type { Purpose } from '../../model/purpose.ts';
import type { Requirement } from './requirement.ts';
import { dispensable, requirements } from './requirements.ts';

type Promised = Pick<CaseDeclaration, 'id' | 'level' | 'basis'>;

/** Whether a promise matters for a purpose. */
export function isNeeded(declaration: Promised, purpose: Purpose): boolean {
  switch (purpose.kind) {
    case 'all':
      return true;
    case 'kubelet':
      return isReliedOn(declaration);
    case 'kubernetes':
      return (
        isReliedOn(declaration) &&
        // What a runtime may or may not have, no node needs.
        declaration.level !== 'optional' &&
        !dispensable.some((glob) => matches(glob, declaration.id)) &&
        isWanted(requirementOf(declaration.id), purpose.minor)
      );
  }
}

/** The kubelet relies on what is marked so, and on what it is known to do something with. */
function isReliedOn({ level, basis }: Promised): boolean {
  return level === 'required' || basis.some(({ kind }) => kind === 'kubelet');
}

/** Kept by case id: globs are costly, and a result is folded many times in a run. */
const known = new Map<string, Requirement | undefined>();

/** The one requirement that a case is behind. */
export function requirementOf(caseId: string): Requirement | undefined {
  if (!known.has(caseId)) {
    known.set(
      caseId,
      requirements.find(({ cases }) => cases.some((glob) => matches(glob, caseId))),
    );
  }
  return known.get(caseId);
}

export function isWanted(requirement: Requirement | undefined, minor: number): boolean {
  return requirement !== undefined && minor >= (requirement.since ?? 0);
}
