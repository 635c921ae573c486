import type { CriClient } from '../cri/client.ts';
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
  readonly loads?: (asked: readonly Load[]) => readonly Load[];
  /** Iterations of a round, where they are not the usual number of the profile. */
  readonly iterations?: (usual: number) => number;
  /** Once a target, before the first round: images, containers that all iterations use. They go when the workload is over. */
  readonly prepare?: (context: WorkloadContext) => Promise<void>;
  /** What is made here goes when the round is over. */
  readonly beginRound?: (context: RoundContext) => Promise<void>;
  readonly iterate: (context: IterationContext) => Promise<void>;
  readonly endRound?: (context: RoundContext) => Promise<void>;
}
