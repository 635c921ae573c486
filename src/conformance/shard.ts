import { fork, type ChildProcess } from 'node:child_process';
import { loadingArguments, programBeside } from '../kit/own-program.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Job } from './plan.ts';
import type { FromWorker, JobName, ToWorker } from './protocol.ts';

/** How one worker process ended, with the jobs that it took and did not get to. */
export type ShardEnd =
  | { readonly how: 'done'; readonly rest: readonly Job[] }
  | {
      readonly how: 'runtime-lost';
      readonly suspect: Job;
      readonly outcome: Outcome;
      readonly durationNs: number;
      readonly rest: readonly Job[];
    }
  | { readonly how: 'stuck'; readonly job: Job; readonly elapsedMs: number; readonly rest: readonly Job[] }
  | { readonly how: 'crashed'; readonly job: Job | undefined; readonly why: string; readonly rest: readonly Job[] };

/** What a shard tells while it runs. */
export interface ShardListener {
  readonly started: (job: Job) => void;
  readonly observed: (job: Job, key: string, value: unknown) => void;
  readonly finished: (job: Job, outcome: Outcome, durationNs: number, asked: readonly string[]) => void;
  readonly leftBehind: (job: Job, what: string) => void;
}

/** A worker that is told to stop has so long to clean up before it is killed. */
const stopMs = 5_000;
const stderrTail = 2_000;

/**
 * Runs jobs in a worker process of its own, in order, until none is left or the process cannot go on.
 * @param next more jobs, asked for when the first ones are done; nothing when none is left
 */
export function runShard(
  targets: readonly TargetContext[],
  first: readonly Job[],
  next: () => readonly Job[] | undefined,
  listener: ShardListener,
  signal: AbortSignal,
): Promise<ShardEnd> {
  // A session of its own: Ctrl-C on the terminal reaches the parent alone, which stops its workers in order.
  const child = fork(programBeside(import.meta.url, 'worker'), {
    execArgv: loadingArguments(),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  /** All that the worker was given: it may tell of an earlier job when it leaves. */
  const taken: Job[] = [];
  let waiting: Job[] = [];
  let current: Job | undefined;
  let early: Exclude<ShardEnd, { how: 'done' }> | undefined;
  let done = false;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-stderrTail)));

  child.on('message', (message: FromWorker) => {
    if (message.type === 'done') {
      done = true;
      return;
    }
    if (message.type === 'idle') {
      const jobs = taken.length === 0 ? first : next();
      waiting = [...(jobs ?? [])];
      taken.push(...waiting);
      send(child, jobs === undefined ? { type: 'end' } : { type: 'run', jobs: jobs.map(nameOf) });
      return;
    }
    const job = taken.find(
      (candidate) => candidate.target === message.target && candidate.declaration.id === message.caseId,
    );
    if (job === undefined) return;
    switch (message.type) {
      case 'started':
        current = job;
        waiting.splice(waiting.indexOf(job), 1);
        listener.started(job);
        break;
      case 'observed':
        listener.observed(job, message.key, message.value);
        break;
      case 'left-behind':
        listener.leftBehind(job, message.what);
        break;
      case 'finished':
        current = undefined;
        listener.finished(job, message.outcome, message.durationNs, message.asked);
        break;
      case 'runtime-lost':
        early = {
          how: 'runtime-lost',
          suspect: job,
          outcome: message.outcome,
          durationNs: message.durationNs,
          rest: waiting,
        };
        break;
      case 'stuck':
        early = { how: 'stuck', job, elapsedMs: message.elapsedMs, rest: waiting };
        break;
    }
  });

  send(child, { type: 'begin', targets });
  const stop = (): void => {
    send(child, { type: 'stop' });
    setTimeout(() => child.kill('SIGKILL'), stopMs).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });

  return new Promise((resolve) => {
    child.on('error', (error) => (stderr += error.message));
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      const why = `its worker process ended with ${killedBy ?? `exit code ${String(code)}`}${stderr === '' ? '' : `: ${stderr.trim()}`}`;
      if (early) resolve(early);
      else if (done) resolve({ how: 'done', rest: waiting });
      else resolve({ how: 'crashed', job: current, why, rest: waiting });
    });
  });
}

function nameOf({ target, declaration }: Job): JobName {
  return { target, caseId: declaration.id };
}

function send(child: ChildProcess, message: ToWorker): void {
  // A child that has gone is reported by its close event.
  if (child.connected) child.send(message, () => undefined);
}
