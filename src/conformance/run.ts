import type { Case } from '../kit/case.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { EventListener } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { EndpointWatch, type Revive } from './endpoint-watch.ts';
import { Backlog, jobsFor, type Job } from './plan.ts';
import { plainData } from './plain-data.ts';
import { OutcomesSoFar } from './retry.ts';
import { runShard, type ShardListener } from './shard.ts';

export interface ConformanceOptions {
  readonly targets: readonly TargetContext[];
  readonly cases: readonly Case[];
  /** Which targets are asked which cases; all of them all unless given. */
  readonly wanted?: (target: string, caseId: string) => boolean;
  /** Worker processes, of all targets together. */
  readonly workers: number;
  /** How often a case that did not pass is asked again; one that passes then is told as flaky. */
  readonly retries?: number;
  /** Ends the run early; what was being asked is cleaned up within 5 s. */
  readonly signal: AbortSignal;
  readonly emit: EventListener;
  /** Brings a dead target back, or waits for it. */
  readonly revive: Revive;
}

/** Asks every target every case, side by side as far as their locks allow, and tells what came of each. */
export async function runConformance(options: ConformanceOptions): Promise<void> {
  const { targets, cases, workers, wanted, retries = 0, emit } = options;
  const { jobs, skips } = jobsFor(
    targets,
    cases.map(({ declaration }) => declaration),
    wanted,
  );
  for (const { target, declaration, missing } of skips) {
    const reason = `${target} does not offer ${missing.join(', ')}`;
    finish(emit, target, declaration.id, { status: 'skipped', missing: [...missing], reason }, 0);
  }
  const record = new OutcomesSoFar(emit);
  const watched = { ...options, emit: record.emit };
  const watch = new EndpointWatch(options.revive, (job, shard) => runAlone(watched, job, shard), record.emit);
  const runAll = async (all: readonly Job[], how: ConformanceOptions): Promise<void> => {
    const backlog = new Backlog(all);
    const shards = Array.from({ length: Math.min(workers, backlog.size) }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => drive(how, watch, backlog, shard)));
  };
  await runAll(jobs, watched);
  for (let retry = 0; retry < retries && !options.signal.aborted; retry++) {
    const again = record.worthRetrying(jobs).filter(({ endpoint }) => watch.whyGone(endpoint) === undefined);
    await runAll(again, { ...options, emit: record.emitRetry });
  }
}

/** Works off the backlog in one worker process after another until nothing is left. */
async function drive(
  options: ConformanceOptions,
  watch: EndpointWatch,
  backlog: Backlog,
  shard: number,
): Promise<void> {
  const { emit, signal } = options;
  const interrupted = (): boolean => signal.aborted;
  const next = (): readonly Job[] | undefined => {
    for (let group = interrupted() ? undefined : backlog.take(); group !== undefined; group = backlog.take()) {
      const able = group.filter((job) => {
        const reason = watch.whyGone(job.endpoint);
        if (reason !== undefined) finish(emit, job.target, job.declaration.id, { status: 'not-run', reason }, 0);
        return reason === undefined;
      });
      if (able.length > 0) return able;
    }
    return undefined;
  };
  for (let jobs = next(); jobs !== undefined; jobs = next()) {
    const end = await runShard(options.targets, jobs, next, listenerFor(emit, watch, shard), signal);
    switch (end.how) {
      case 'done':
        // Whoever stopped the worker early knows why the rest was not run.
        return;
      case 'stuck': {
        const { target, declaration } = end.job;
        const message = `still at it after ${String(Math.round(end.elapsedMs))} ms although its calls were cancelled; its process was given up`;
        const outcome: Outcome = { status: 'timed-out', timeoutMs: declaration.timeoutMs, message, transcript: [] };
        finish(emit, target, declaration.id, outcome, end.elapsedMs * 1e6);
        break;
      }
      case 'crashed':
        if (interrupted()) return;
        if (end.job === undefined) throw new Error(`a shard could not start: ${end.why}`);
        finish(
          emit,
          end.job.target,
          end.job.declaration.id,
          { status: 'errored', phase: 'body', message: end.why, transcript: [] },
          0,
        );
        break;
      case 'runtime-lost':
        await watch.lost(end.suspect, end.outcome, shard);
    }
    backlog.putBack(end.rest);
  }
}

/** Asks one case again with nothing else in flight on its runtime; answers its outcome when the runtime died once more. */
async function runAlone(options: ConformanceOptions, job: Job, shard: number): Promise<Outcome | undefined> {
  const listener = listenerFor(options.emit, undefined, shard);
  const end = await runShard(options.targets, [job], () => undefined, listener, options.signal);
  return end.how === 'runtime-lost' ? end.outcome : undefined;
}

function listenerFor(emit: EventListener, watch: EndpointWatch | undefined, shard: number): ShardListener {
  return {
    started: (job) => {
      watch?.begun(job, shard);
      emit({ type: 'case-started', caseId: job.declaration.id, target: job.target, shard });
    },
    observed: (job, key, value) => {
      emit({
        type: 'observed',
        observation: { key, target: job.target, value: plainData(value), caseId: job.declaration.id },
      });
    },
    finished: (job, outcome, durationNs, asked) => {
      watch?.ended(job, shard);
      finish(emit, job.target, job.declaration.id, outcome, durationNs, asked);
    },
    leftBehind: (job, what) => {
      emit({
        type: 'warned',
        warning: { kind: 'left-behind', message: what, target: job.target, subject: job.declaration.id },
      });
    },
  };
}

function finish(
  emit: EventListener,
  target: string,
  caseId: string,
  outcome: Outcome,
  durationNs: number,
  asked: readonly string[] = [],
): void {
  emit({ type: 'case-finished', caseId, target, outcome, durationNs, asked: [...asked] });
}
