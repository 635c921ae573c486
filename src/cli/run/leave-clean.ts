import { setTimeout as pause } from 'node:timers/promises';
import { removeHostTraces, removePodsOfRun, removePulledImages } from '../../kit/sweep.ts';
import { messageOf } from '../../model/error.ts';
import type { EventListener } from '../../model/event.ts';
import { withTarget } from './open-targets.ts';
import type { ReadyTarget } from './open-targets.ts';
import type { Provisions } from './provisions.ts';

/** All of it together, after an interruption; what is not done by then stays in the ledger for `crible sweep`. */
const interruptedMs = 4_000;
const runtimeMs = 30_000;
const settleMs = 2_000;

interface LeaveOptions {
  readonly runId: string;
  readonly targets: readonly ReadyTarget[];
  readonly provisions: Provisions;
  readonly emit: EventListener;
  readonly interrupted: boolean;
}

/** Removes what the run itself made: pods that no case cleaned up, images that were absent before it, its folder and cgroups, its labs. */
export async function leaveClean({ runId, targets, provisions, emit, interrupted }: LeaveOptions): Promise<void> {
  const warn = (message: string, target?: string): void => {
    emit({ type: 'warned', warning: { kind: 'left-behind', message, ...(target === undefined ? {} : { target }) } });
  };
  const work = async (): Promise<void> => {
    let clean = true;
    for (const { opened } of targets) {
      if (opened.outlivesRun && !(await leaveRuntime(runId, opened, warn))) clean = false;
    }
    for (const left of await provisions.close()) warn(left);
    // The ledger is what a later sweep finds those images by.
    if (!clean) return;
    const left = await removeTraces(runId);
    if (left.length > 0) warn(`${left.join('; ')}: crible sweep removes it later`);
  };
  if (!interrupted) {
    await work();
    return;
  }
  const late = Symbol('late');
  const timer = new Promise<typeof late>((resolve) => setTimeout(resolve, interruptedMs, late).unref());
  if ((await Promise.race([work(), timer])) === late) {
    warn('clean-up after the interruption took too long: crible lab stop and crible sweep remove the rest');
  }
}

async function leaveRuntime(
  runId: string,
  opened: ReadyTarget['opened'],
  warn: (message: string, target: string) => void,
): Promise<boolean> {
  const advice = `crible sweep ${opened.endpoint} removes them later`;
  try {
    const signal = AbortSignal.timeout(runtimeMs);
    const left = await withTarget(opened, signal, async (cri) => [
      ...(await removePodsOfRun(cri, runId, signal)),
      ...(await removePulledImages(cri, runId, signal)).left,
    ]);
    for (const what of left) warn(`${what}; ${advice}`, opened.name);
    return left.length === 0;
  } catch (error) {
    warn(`pods of the run and images that were absent before it: ${messageOf(error)}; ${advice}`, opened.name);
    return false;
  }
}

/** A cgroup is busy for a moment after its last process died. */
async function removeTraces(runId: string): Promise<readonly string[]> {
  const until = performance.now() + settleMs;
  for (;;) {
    const { left } = removeHostTraces(runId);
    if (left.length === 0 || performance.now() > until) return left;
    await pause(100);
  }
}
