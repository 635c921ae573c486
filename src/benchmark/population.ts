import type { CriClient } from '../cri/client.ts';
import { PodSandboxState } from '../cri/messages.ts';
import type { Created } from '../kit/created.ts';
import { runLabel, scopeLabel } from '../kit/labels.ts';
import { removePodSandbox } from '../kit/remove.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { forOneConnection, newLot, openScope, type Interruption, type Lot } from './scope.ts';

/** So many pods are made, and removed, side by side: enough to keep the runtime busy, not so many that calls run out of time. */
const sideBySide = 8;

/** Sleeps for longer than any run takes, and costs nothing meanwhile. */
const idle = ['sleep', '1000000'];

/** Pods that are there and do nothing, one sleeping container each, on one target while a workload is measured beside them. */
export class Population {
  readonly #target: TargetContext;
  readonly #interruption: Interruption;
  readonly #lot: Lot;
  /** Undefined when nobody knows how many have survived. */
  #podIds: string[] | undefined = [];
  #used = false;

  constructor(target: TargetContext, workload: string, interruption: Interruption) {
    this.#target = target;
    this.#interruption = interruption;
    this.#lot = newLot(target, `${workload}-idle`);
  }

  /**
   * Makes pods until there are so many.
   * @throws SetupError, CriError when one cannot be made
   */
  async grow(client: CriClient, count: number): Promise<void> {
    if (count === 0 && !this.#used) return;
    this.#used = true;
    const podIds = (this.#podIds ??= await this.#survivors(client));
    const { context, noMore } = openScope(client, this.#target, this.#interruption, this.#lot);
    await inParallel(Math.max(0, count - podIds.length), async () => {
      noMore.throwIfAborted();
      const pod = await context.given.podSandbox();
      await context.given.startedContainer(pod, { command: idle });
      podIds.push(pod.id);
    });
  }

  /** The runtime died: pods may have died with it. */
  doubt(): void {
    this.#podIds = undefined;
  }

  /**
   * Removes the pods that it knows of.
   * @returns what finds and removes the rest: pods that were made without an answer, cgroups
   */
  async remove(client: CriClient): Promise<Created> {
    const signal = forOneConnection(this.#interruption.removalOver);
    const observed = client.observedBy(this.#lot.created.observe);
    const podIds = this.#podIds ?? [];
    this.#podIds = [];
    this.#used = false;
    await inParallel(podIds.length, async (at) => {
      await removePodSandbox(observed, podIds[at] ?? '', signal);
    });
    return this.#lot.created;
  }

  /** Nothing was ever made, so there is nothing to remove. */
  get isUnused(): boolean {
    return !this.#used;
  }

  async #survivors(client: CriClient): Promise<string[]> {
    const labelSelector = { [runLabel]: this.#target.runId, [scopeLabel]: this.#lot.label };
    const { items } = await client.runtime.listPodSandbox({ filter: { labelSelector } });
    return items
      .filter(({ state, labels }) => state === PodSandboxState.SANDBOX_READY && labels[scopeLabel] === this.#lot.label)
      .map(({ id }) => id);
  }
}

/** Does so many things, a few at a time; throws what the first one that failed threw, when those under way have ended. */
async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < count && !failed) {
      try {
        await work(next++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(sideBySide, count) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
