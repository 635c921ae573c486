import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import type { Case } from '../kit/case.ts';
import { SharedPod } from '../kit/shared-pod.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { messageOf } from '../model/error.ts';
import type { Outcome } from '../model/outcome.ts';
import { loadCatalogue } from './catalogue.ts';
import { executeCase } from './execute-case.ts';
import { runWithMocha, ToldAlready } from './mocha-bridge.ts';
import { plainData } from './plain-data.ts';
import type { FromWorker, JobName, ToWorker } from './protocol.ts';

/*
 * The process of one shard. It is in a session of its own and ignores SIGINT: the parent decides what an interruption
 * means. When the parent's channel closes, for whatever reason, it cleans up the case in hand and leaves.
 */

/** Over the case's own time, which its AbortSignal ends: clean-up stops a pod (10 s) and removes it (20 s). */
const teardownMs = 45_000;
/** The kit gives an interrupted case 4 s for its clean-up. */
const interruptedMs = 6_000;
/** What cases shared goes within what is left of that. */
const interruptedRemovalMs = 1_500;
/** How long a runtime that left a call unanswered may take to prove that it lives. */
const proofOfLifeMs = 3_000;

const interrupted = new AbortController();
let answerIdle: (jobs: readonly JobName[] | undefined) => void = () => undefined;

function interrupt(): void {
  interrupted.abort();
  answerIdle(undefined);
}

process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  interrupt();
  setTimeout(() => process.exit(1), interruptedMs).unref();
});
process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'stop':
      interrupt();
      break;
    case 'run':
      answerIdle(message.jobs);
      break;
    case 'end':
      answerIdle(undefined);
      break;
    case 'begin':
      work(message.targets).then(leave, (error: unknown) => {
        crash(`the worker failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
  }
});

/** Asks the parent for more to do; nothing when there is no more. */
function moreJobs(): Promise<readonly JobName[] | undefined> {
  if (interrupted.signal.aborted) return Promise.resolve(undefined);
  const jobs = new Promise<readonly JobName[] | undefined>((resolve) => (answerIdle = resolve));
  tell({ type: 'idle' });
  return jobs;
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

/** Leaves once everything told has been handed over. */
function leave(): void {
  if (process.connected) process.send?.({ type: 'done' } satisfies FromWorker, () => process.exit(0));
  else process.exit(0);
}

/** The parent sees a worker that leaves without a word as crashed, and goes on with the jobs that are left. */
function crash(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(70);
}

async function work(targets: readonly TargetContext[]): Promise<void> {
  const { cases } = await loadCatalogue();
  const runtimes = new Runtimes();
  const trusted = { runtimes: true };
  for (let jobs = await moreJobs(); jobs !== undefined; jobs = trusted.runtimes ? await moreJobs() : undefined) {
    await runWithMocha(
      jobs.map((job) => {
        const item = named(cases, job.caseId, ({ declaration }) => declaration.id);
        const target = named(targets, job.target, ({ name }) => name);
        const timeoutMs = item.declaration.timeoutMs + teardownMs;
        return {
          title: `${job.caseId} on ${job.target}`,
          timeoutMs,
          ask: async () => {
            if (!trusted.runtimes || interrupted.signal.aborted) return;
            const verdict = await ask(job, item, target, runtimes);
            if (verdict === 'runtime-lost') trusted.runtimes = false;
            if (verdict !== 'passed') throw new ToldAlready();
          },
          stuck: (elapsedMs: number) => {
            trusted.runtimes = false;
            tell({ type: 'stuck', elapsedMs, ...job });
            leave();
          },
          uncaught: (error: unknown) => crash(`uncaught during ${job.caseId}: ${messageOf(error)}`),
        };
      }),
    );
  }
  await runtimes.leave();
}

/** Asks one case and tells what came of it. */
async function ask(
  job: JobName,
  item: Case,
  target: TargetContext,
  runtimes: Runtimes,
): Promise<'passed' | 'not-passed' | 'runtime-lost'> {
  tell({ type: 'started', ...job });
  const runtime = runtimes.of(target);
  let client: CriClient;
  try {
    client = await runtime.client;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const outcome: Outcome = { status: 'errored', phase: 'setup', message: error.message, transcript: [] };
    tell({ type: 'runtime-lost', outcome, durationNs: 0, ...job });
    return 'runtime-lost';
  }
  const observe = (key: string, value: unknown): void => {
    tell({ type: 'observed', key, value: plainData(value), ...job });
  };
  const { outcome, durationNs, asked, leftBehind, unanswered } = await executeCase(
    item,
    target,
    client,
    observe,
    interrupted.signal,
    runtime.sharedPod,
  );
  runtime.lastCase = job;
  if (unanswered && outcome.status !== 'passed' && !(await lives(client))) {
    tell({ type: 'runtime-lost', outcome, durationNs, ...job });
    return 'runtime-lost';
  }
  tell({ type: 'finished', outcome, durationNs, asked, ...job });
  for (const what of leftBehind) tell({ type: 'left-behind', what, ...job });
  return outcome.status === 'passed' ? 'passed' : 'not-passed';
}

async function lives(client: CriClient): Promise<boolean> {
  try {
    await client.runtime.version({}, { deadlineMs: proofOfLifeMs });
    return true;
  } catch (error) {
    if (error instanceof CriError) return false;
    throw error;
  }
}

/** What a target keeps from one case to the next. */
interface Runtime {
  readonly client: Promise<CriClient>;
  /** Behind a fault every case has pods of its own: what a broken promise does to one must not reach the next case. */
  readonly sharedPod: SharedPod | undefined;
  lastCase?: JobName;
}

/** One connection a target, opened when first needed. */
class Runtimes {
  readonly #open = new Map<string, Runtime>();

  of(target: TargetContext): Runtime {
    const { name, endpoint, imageEndpoint, callTimeoutMs, behind } = target;
    const known = this.#open.get(name);
    if (known) return known;
    const sharedPod = behind === undefined ? new SharedPod(target) : undefined;
    const runtime = { client: connect(endpoint, { imageEndpoint, callTimeoutMs }), sharedPod };
    this.#open.set(name, runtime);
    return runtime;
  }

  /** Removes the pods that cases shared, and closes the connections. */
  async leave(): Promise<void> {
    await Promise.all([...this.#open.values()].map(leaveOne));
  }
}

async function leaveOne({ client, sharedPod, lastCase }: Runtime): Promise<void> {
  // What could not be connected to was told of when it was asked.
  const open = await client.catch(() => undefined);
  if (open === undefined) return;
  const removal = interrupted.signal.aborted ? AbortSignal.timeout(interruptedRemovalMs) : undefined;
  const left = (await sharedPod?.remove(open, removal)) ?? [];
  if (lastCase) for (const what of left) tell({ type: 'left-behind', what, ...lastCase });
  open.close();
}

function named<T>(items: readonly T[], name: string, nameOf: (item: T) => string): T {
  const item = items.find((candidate) => nameOf(candidate) === name);
  if (item === undefined) throw new Error(`'${name}' is unknown to the worker`);
  return item;
}
