import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import type { Workload, WorkloadContext } from '../kit/workload.ts';
import { messageOf } from '../model/error.ts';
import type { Round } from '../model/workload.ts';
import { withClocks } from './clocks.ts';
import { driveClosed } from './drive.ts';
import { criErrorOf, Recorder, type WorkloadError } from './recorder.ts';

/** What came of one round's visit to one target. */
export type Visit =
  | {
      readonly kind: 'measured';
      readonly round: Omit<Round, 'index' | 'order'>;
      readonly errors: readonly WorkloadError[];
    }
  /** The runtime died, hung or could not be reached: what was measured until then is worth nothing. */
  | { readonly kind: 'lost'; readonly problem: string }
  | { readonly kind: 'interrupted' }
  /** The workload cannot be prepared on this target, which is alive: no other round will do better. */
  | { readonly kind: 'unprepared'; readonly error: unknown };

/** How long a runtime that left a call unanswered may take to prove that it lives. */
const proofOfLifeMs = 3_000;

/** What one visit to a target has to itself. */
export interface Scope {
  /** Its signal ends calls in flight. */
  readonly context: WorkloadContext;
  /** To be aborted when a call gets no answer and the runtime proves to be gone; the context's signal follows it. */
  readonly runtimeGone: AbortController;
  /** No iteration begins after it aborts: the runtime is gone, or the run is interrupted. */
  readonly noMore: AbortSignal;
}

export interface Drive {
  readonly concurrency: number;
  readonly iterations: number;
}

/** Iterates a workload on one target, warm-up first, and tells what was measured. */
export async function measure(
  workload: Workload,
  { context, runtimeGone, noMore }: Scope,
  drive: Drive,
): Promise<Visit> {
  const operations = workload.declaration.operations.map(({ name }) => name);

  let recorder = new Recorder(operations);
  let completed = 0;
  let start: Start | undefined;
  let round: Omit<Round, 'index' | 'order'> | undefined;
  await driveClosed({
    ...drive,
    signal: noMore,
    iterate: async () => {
      try {
        await workload.iterate(withClocks(context, recorder));
        completed++;
      } catch (error) {
        if (context.signal.aborted) return;
        recorder.brokeOff(error);
        if (wasUnanswered(error) && !(await lives(context.cri))) runtimeGone.abort(error);
      }
    },
    measuring: () => {
      recorder = new Recorder(operations);
      completed = 0;
      start = startOfRound();
    },
    measured: () => {
      if (start !== undefined) round = roundSince(start, recorder, completed);
    },
  });

  if (runtimeGone.signal.aborted) return { kind: 'lost', problem: messageOf(runtimeGone.signal.reason) };
  if (noMore.aborted) return { kind: 'interrupted' };
  if (round === undefined) throw new Error(`${workload.declaration.id} ended without having been measured`);
  return { kind: 'measured', round, errors: recorder.errors };
}

interface Start {
  readonly at: Date;
  readonly clockNs: bigint;
  readonly cpu: NodeJS.CpuUsage;
}

function startOfRound(): Start {
  return { at: new Date(), cpu: process.cpuUsage(), clockNs: process.hrtime.bigint() };
}

function roundSince(start: Start, recorder: Recorder, completed: number): Omit<Round, 'index' | 'order'> {
  const durationNs = Number(process.hrtime.bigint() - start.clockNs);
  const { user, system } = process.cpuUsage(start.cpu);
  return {
    startedAt: start.at.toISOString(),
    durationNs,
    operations: recorder.operations,
    ratePerSecond: completed / (durationNs / 1e9),
    cribleCpuNs: (user + system) * 1000,
  };
}

/** A call that ended without any word from the runtime; a runtime that lives may answer with these codes, too. */
function wasUnanswered(error: unknown): boolean {
  const code = criErrorOf(error)?.code;
  return code === 'Unavailable' || code === 'DeadlineExceeded';
}

/** Whether the runtime answers at all. */
export async function lives(cri: CriClient): Promise<boolean> {
  try {
    await cri.runtime.version({}, { deadlineMs: proofOfLifeMs });
    return true;
  } catch (error) {
    if (error instanceof CriError) return false;
    throw error;
  }
}
