import type { CriClient } from '../cri/client.ts';
import type { WorkloadDeclaration } from '../model/workload.ts';
import type { Given } from './given.ts';
import type { TargetContext } from './target-context.ts';

/** What a workload prepares itself with. */
export interface WorkloadContext {
  readonly given: Given;
  readonly cri: CriClient;
  readonly target: TargetContext;
  readonly signal: AbortSignal;
}

/** What one iteration works with: the clocks besides. What fails under a clock is counted, never timed, and ends the iteration. */
export interface IterationContext extends WorkloadContext {
  /**
   * Makes one call on the client that it is given and records its latency under the operation's name: from the moment the
   * encoded request is handed over until the last byte of the answer, neither encoding nor decoding in it.
   */
  readonly call: <T>(operation: string, call: (cri: CriClient) => Promise<T>) => Promise<T>;
  /** Times what is not a call, by the monotonic clock. */
  readonly span: <T>(operation: string, work: () => Promise<T>) => Promise<T>;
}

/** What a benchmark does to a runtime. Iterations may overlap: they share nothing but the target. */
export interface Workload {
  readonly declaration: WorkloadDeclaration;
  /** Once a target, before the first round: images, populations. */
  readonly prepare?: (context: WorkloadContext) => Promise<void>;
  readonly iterate: (context: IterationContext) => Promise<void>;
}
