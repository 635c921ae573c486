import type { TargetContext } from '../kit/target-context.ts';
import type { Outcome } from '../model/outcome.ts';

/** A job by name: the worker loads the case itself. */
export interface JobName {
  readonly target: string;
  readonly caseId: string;
}

/** What the parent tells a worker. */
export type ToWorker =
  | { readonly type: 'begin'; readonly targets: readonly TargetContext[] }
  /** The answer to `idle`. */
  | { readonly type: 'run'; readonly jobs: readonly JobName[] }
  /** The answer to `idle` when nothing is left; clean up what was kept for further jobs and leave. */
  | { readonly type: 'end' }
  /** End what is being asked, clean up and leave. */
  | { readonly type: 'stop' };

/** What a worker tells its parent. */
export type FromWorker =
  /** Ready for jobs. */
  | { readonly type: 'idle' }
  | ({ readonly type: 'started' } & JobName)
  | ({ readonly type: 'observed'; readonly key: string; readonly value: unknown } & JobName)
  | ({
      readonly type: 'finished';
      readonly outcome: Outcome;
      readonly durationNs: number;
      /** Keys of the expectations that were asked. */
      readonly asked: readonly string[];
    } & JobName)
  /** Clean-up left something behind although the case has its verdict. */
  | ({ readonly type: 'left-behind'; readonly what: string } & JobName)
  /** The case cannot be judged: the runtime no longer answers. The worker asks nothing more and ends. */
  | ({ readonly type: 'runtime-lost'; readonly outcome: Outcome; readonly durationNs: number } & JobName)
  /** The body outlived mocha's own time-out, so that its process cannot be trusted with another case. The worker ends. */
  | ({ readonly type: 'stuck'; readonly elapsedMs: number } & JobName)
  | { readonly type: 'done' };
