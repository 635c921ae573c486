import { loadSuites } from '../kit/load-suites.ts';
import type { Workload } from '../kit/workload.ts';
import { matches, requireMatches } from '../model/glob.ts';
import type { Profile } from '../model/result.ts';
import { workloadDeclarationSchema } from '../model/workload.ts';

/**
 * Loads every workload by the path of its suite: a module that exports `workloads`.
 * @returns by id, ascending
 * @throws Error when an id is declared twice or a suite is malformed: a defect of the suites
 */
export async function loadWorkloads(): Promise<readonly Workload[]> {
  const suites = (await loadSuites('benchmark')).map(({ file, exported }) => workloadsOf(file, exported));
  const workloads = suites.flat().sort((a, b) => (a.declaration.id < b.declaration.id ? -1 : 1));
  for (const [index, { declaration }] of workloads.entries()) {
    if (declaration.id === workloads[index + 1]?.declaration.id) {
      throw new Error(`'${declaration.id}' is declared twice in suites/benchmark`);
    }
    if (![...declaration.operations, ...declaration.measures].some(({ name }) => name === declaration.primary)) {
      throw new Error(`the primary of '${declaration.id}' is neither one of its operations nor of its measures`);
    }
  }
  return workloads;
}

/**
 * The workloads that globs name; without any, all that the profile has.
 * @throws UsageError when a glob matches no workload, naming the closest ids
 */
export function selectWorkloads(
  workloads: readonly Workload[],
  globs: readonly string[],
  profile: Profile,
): readonly Workload[] {
  requireMatches(
    globs,
    workloads.map(({ declaration }) => declaration.id),
    'workload',
  );
  return workloads.filter(({ declaration }) =>
    globs.length === 0
      ? profile !== 'quick' || declaration.profile === 'quick'
      : globs.some((glob) => matches(glob, declaration.id)),
  );
}

function workloadsOf(file: string, suite: unknown): readonly Workload[] {
  if (typeof suite === 'object' && suite !== null && 'workloads' in suite && Array.isArray(suite.workloads)) {
    const workloads: readonly unknown[] = suite.workloads;
    if (workloads.every(isWorkload)) return workloads;
  }
  throw new Error(`suites/benchmark/${file} exports no well-formed workloads`);
}

function isWorkload(value: unknown): value is Workload {
  return (
    typeof value === 'object' &&
    value !== null &&
    'declaration' in value &&
    workloadDeclarationSchema.safeParse(value.declaration).success &&
    'iterate' in value &&
    typeof value.iterate === 'function'
  );
}
