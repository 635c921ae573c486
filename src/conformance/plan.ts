import { hasFeature, type TargetContext } from '../kit/target-context.ts';
import type { CaseDeclaration } from '../model/case.ts';

/** One case to be asked of one target. */
export interface Job {
  readonly target: string;
  readonly endpoint: string;
  /** The endpoint of the runtime itself, where its locks are held; its proxies share them. */
  readonly runtime: string;
  readonly declaration: CaseDeclaration;
}

/** A case that a target cannot be asked, and the features that it lacks. */
export interface Skip {
  readonly target: string;
  readonly declaration: CaseDeclaration;
  readonly missing: readonly string[];
}

/**
 * Splits what is asked into what a target can be asked and what it cannot, for want of declared features.
 * @param wanted whether the target is asked the case at all
 */
export function jobsFor(
  targets: readonly TargetContext[],
  declarations: readonly CaseDeclaration[],
  wanted: (target: string, caseId: string) => boolean = () => true,
): { readonly jobs: readonly Job[]; readonly skips: readonly Skip[] } {
  const jobs: Job[] = [];
  const skips: Skip[] = [];
  for (const declaration of declarations) {
    for (const target of targets) {
      if (!wanted(target.name, declaration.id)) continue;
      const missing = declaration.needs.filter((need) => !hasFeature(target, need));
      if (missing.length > 0) skips.push({ target: target.name, declaration, missing });
      else {
        const { name, endpoint, behind = endpoint } = target;
        jobs.push({ target: name, endpoint, runtime: behind, declaration });
      }
    }
  }
  return { jobs, skips };
}

/**
 * The jobs that nobody has begun yet, in groups: those that hold a common lock, directly or through others, are one group,
 * which one worker asks one after the other, so that two jobs which exclude each other never run side by side. A `target`
 * lock is held on the endpoint, since handlers of one daemon share its image store and its events; a `host` lock excludes
 * that resource everywhere. What may take longest is taken first, or the others would wait for it at the end.
 */
export class Backlog {
  readonly #groups: (readonly Job[])[];

  constructor(jobs: readonly Job[]) {
    this.#groups = exclusiveGroups(jobs).sort((a, b) => timeoutOf(b) - timeoutOf(a));
  }

  /** Groups that are left. */
  get size(): number {
    return this.#groups.length;
  }

  /** The next group; whoever takes it keeps it until it is done or put back. */
  take(): readonly Job[] | undefined {
    return this.#groups.shift();
  }

  /** The rest of a group that could not be finished. */
  putBack(rest: readonly Job[]): void {
    if (rest.length > 0) this.#groups.unshift(rest);
  }
}

function timeoutOf(group: readonly Job[]): number {
  return group.reduce((sum, { declaration }) => sum + declaration.timeoutMs, 0);
}

/** Connected components of "holds a common lock"; a job without locks is a group of its own. */
function exclusiveGroups(jobs: readonly Job[]): (readonly Job[])[] {
  const everywhere = new Set(
    jobs.flatMap(({ declaration }) =>
      declaration.locks.filter(({ scope }) => scope === 'host').map(({ resource }) => resource),
    ),
  );
  let groups: { readonly locks: ReadonlySet<string>; readonly jobs: readonly Job[] }[] = [];
  for (const job of jobs) {
    const locks = job.declaration.locks.map(({ resource }) =>
      everywhere.has(resource) ? resource : `${job.runtime} ${resource}`,
    );
    const joined = groups.filter((group) => locks.some((lock) => group.locks.has(lock)));
    groups = groups.filter((group) => !joined.includes(group));
    groups.push({
      locks: new Set([...joined.flatMap((group) => [...group.locks]), ...locks]),
      jobs: [...joined.flatMap((group) => group.jobs), job],
    });
  }
  return groups.map((group) => group.jobs);
}
