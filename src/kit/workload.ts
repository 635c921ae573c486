import type { CriClient } from '../cri/client.ts';
import type { Profile } from '../model/result.ts';
import type { Load, WorkloadDeclaration } from '../model/workload.ts';
import type { Given } from './given.ts';
import type { TargetContext } from './target-context.ts';

/** What a workload prepares itself with. */
export interface WorkloadContext {
  readonly given: Given;
  readonly cri: CriClient;
  readonly target: TargetContext;
  readonly signal: AbortSignal;
}

/** What a round's beginning and end work with; neither is timed. */
export interface RoundContext extends WorkloadContext {
  readonly load: Load;
  /** Reports a value of a declared measure; a round's figure is the median of those that it reported. */
  readonly measure: (name: string, value: number) => void;
}

/** What one iteration works with: the clocks besides. What fails under a clock is counted, never timed, and ends the iteration. */
export interface IterationContext extends RoundContext {
  /**
   * Makes one call on the client that it is given and records its latency under the operation's name: from the moment the
   * encoded request is handed over until the last byte of the answer, neither encoding nor decoding in it.
   */
  readonly call: <T>(operation: string, call: (cri: CriClient) => Promise<T>) => Promise<T>;
  /** Times what is not a call, by the monotonic clock. */
  readonly span: <T>(operation: string, work: () => Promise<T>) => Promise<T>;
}

/** What a benchmark does to a runtime. Iterations may overlap: they share nothing but the target and what was prepared. */
export interface Workload {
  readonly declaration: WorkloadDeclaration;
  /** The loads that it is measured under, where they are not those that were asked for; the engine makes idle pods. */
  readonly loads?: (asked: readonly Load[], profile: Profile) => readonly Load[];
  /** Iterations of a round under a load, where they are not the usual number of the profile; taken as they are. */
  readonly iterations?: (usual: number, load: Load) => number;
  /** Containers do work of their own, which is not the runtime's cost; idle ones only cost what the runtime does to them. */
  readonly containersWork?: boolean;
  /** Once a target, before the first round: images, containers that all iterations use. They go when the workload is over. */
  readonly prepare?: (context: WorkloadContext) => Promise<void>;
  /** What is made here goes when the round is over. */
  readonly beginRound?: (context: RoundContext) => Promise<void>;
  readonly iterate: (context: IterationContext) => Promise<void>;
  readonly endRound?: (context: RoundContext) => Promise<void>;
}

/**
 * What a suite writes: the declaration with its usual values left out, and the code. What `prepare` resolves to is handed to
 * every round on that target, what `beginRound` resolves to, to every iteration of that round.
 */
export interface WorkloadSource<Prepared, Begun>
  extends
    Pick<WorkloadDeclaration, 'id' | 'title' | 'description' | 'operations' | 'primary'>,
    Partial<Pick<WorkloadDeclaration, 'revision' | 'measures' | 'needs' | 'profile' | 'disruptive'>>,
    Pick<Workload, 'loads' | 'iterations' | 'containersWork'> {
  readonly prepare?: (context: WorkloadContext) => Promise<Prepared>;
  readonly beginRound?: (context: RoundContext, prepared: Prepared) => Promise<Begun>;
  readonly iterate: (context: IterationContext, prepared: Prepared, begun: Begun) => Promise<void>;
  readonly endRound?: (context: RoundContext, prepared: Prepared, begun: Begun) => Promise<void>;
}

/** A workload whose state stays its own: kept by target, since a workload is at one round of a target at a time. */
export function defineWorkload<Prepared = undefined, Begun = undefined>(
  source: WorkloadSource<Prepared, Begun>,
): Workload {
  const { loads, iterations, containersWork, prepare, beginRound, iterate, endRound, ...words } = source;
  const prepared = new Kept<Prepared>(prepare !== undefined);
  const begun = new Kept<Begun>(beginRound !== undefined);
  return {
    declaration: { revision: 1, measures: [], needs: [], profile: 'standard', disruptive: false, ...words },
    ...(loads && { loads }),
    ...(iterations && { iterations }),
    ...(containersWork && { containersWork }),
    ...(prepare && {
      prepare: async (context) => {
        prepared.keep(context.target, await prepare(context));
      },
    }),
    ...(beginRound && {
      beginRound: async (context) => {
        begun.keep(context.target, await beginRound(context, prepared.of(context.target)));
      },
    }),
    iterate: (context) => iterate(context, prepared.of(context.target), begun.of(context.target)),
    ...(endRound && {
      endRound: (context) => endRound(context, prepared.of(context.target), begun.of(context.target)),
    }),
  };
}

/** A value a target. */
class Kept<T> {
  readonly #values = new WeakMap<TargetContext, { readonly value: T }>();
  readonly #expected: boolean;

  /** @param expected false where no step makes the value: it is undefined then, as its type says */
  constructor(expected: boolean) {
    this.#expected = expected;
  }

  keep(target: TargetContext, value: T): void {
    this.#values.set(target, { value });
  }

  of(target: TargetContext): T {
    const kept = this.#values.get(target);
    if (kept !== undefined) return kept.value;
    if (this.#expected) throw new Error(`an iteration on ${target.name} came before what it needs was made`);
    // The type parameter is undefined unless the step is there.
    return undefined as T;
  }
}
