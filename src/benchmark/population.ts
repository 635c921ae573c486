import type { CriClient } from '../cri/client.ts';
import { PodSandboxState } from '../cri/messages.ts';
import { runLabel, scopeLabel } from '../kit/labels.ts';
import { removePodSandbox } from '../kit/remove.ts';
import type { TargetContext } from '../kit/target-context.ts';
import { connected } from './connection.ts';
import { forOneConnection, newLot, openScope, type Interruption, type Lot } from './scope.ts';

/** So many pods are made, and removed, side by side: enough to keep the runtime busy, not so many that calls run out of time. */
const sideBySide = 8;

/** Sleeps for longer than any run takes, and costs nothing meanwhile. */
const idle = ['sleep', '1000000'];

/** Pods that are there and do nothing, one sleeping container each, while workloads are measured beside them. */
export class Population {
  readonly target: TargetContext;
  readonly #interruption: Interruption;
  readonly #lot: Lot;
  /** Undefined when nobody knows how many have survived. */
  #podIds: string[] | undefined = [];
  #used = false;

  constructor(target: TargetContext, interruption: Interruption) {
    this.target = target;
    this.#interruption = interruption;
    this.#lot = newLot(target, 'idle');
  }

  /**
   * Makes pods until there are so many.
   * @throws SetupError, CriError when one cannot be made
   */
  async grow(client: CriClient, count: number): Promise<void> {
    if (count === 0 && !this.#used) return;
    this.#used = true;
    const podIds = (this.#podIds ??= await this.#survivors(client));
    const { context, noMore } = openScope(client, this.target, this.#interruption, this.#lot);
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
   * Removes them all.
   * @returns what is still there, in sentences
   */
  async remove(): Promise<readonly string[]> {
    if (!this.#used) return [];
    const { created } = this.#lot;
    const result = await connected(this.target, this.#interruption.removalOver, async (client) => {
      const signal = forOneConnection(this.#interruption.removalOver);
      const observed = client.observedBy(created.observe);
      const podIds = this.#podIds ?? [];
      await inParallel(podIds.length, async (at) => {
        await removePodSandbox(observed, podIds[at] ?? '', signal);
      });
      // Pods that were made without an answer, and cgroups.
      return await created.remove(client, signal);
    });
    return result.ok ? result.value : [`idle pods could not be removed: ${result.problem}`];
  }

  async #survivors(client: CriClient): Promise<string[]> {
    const labelSelector = { [runLabel]: this.target.runId, [scopeLabel]: this.#lot.label };
    const { items } = await client.runtime.listPodSandbox({ filter: { labelSelector } });
    return items
      .filter(({ state, labels }) => state === PodSandboxState.SANDBOX_READY && labels[scopeLabel] === this.#lot.label)
      .map(({ id }) => id);
  }
}

/** One population for each runtime and handler, made once and kept as long as there is a load beside it. */
export class Populations {
  readonly #interruption: Interruption;
  readonly #populations = new Map<string, Population>();

  constructor(interruption: Interruption) {
    this.#interruption = interruption;
  }

  /** Targets that are the same runtime with the same handler have the same pods: all of them are listed by either. */
  of(target: TargetContext): Population {
    const key = `${target.endpoint}#${target.handler}`;
    const population = this.#populations.get(key) ?? new Population(target, this.#interruption);
    this.#populations.set(key, population);
    return population;
  }

  get all(): readonly Population[] {
    return [...this.#populations.values()];
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
