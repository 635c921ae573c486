import type { CriClient } from '../cri/client.ts';
import { Created } from './created.ts';
import { Given, type PodSandbox } from './given.ts';
import { Ledger } from './ledger.ts';
import { removeContainers } from './remove.ts';
import type { TargetContext } from './target-context.ts';

/**
 * A pod sandbox that several cases use one after the other, each for containers of its own: making and removing a pod costs
 * a runtime more than all that most cases ask. A borrower leaves the pod as it was and may not change it; its containers are
 * removed when it has ended, and with a borrower that did not pass the whole pod goes, so that nothing can leak from it.
 */
export class SharedPod {
  readonly #target: TargetContext;
  #held: Held | undefined;
  #lent = false;

  constructor(target: TargetContext) {
    this.#target = target;
  }

  /** The id of the pod while somebody has borrowed it. */
  get lentPodId(): string | undefined {
    return this.#lent ? this.#held?.podId : undefined;
  }

  /**
   * The pod, made now if there is none.
   * @throws SetupError when it cannot be made
   */
  lend(cri: CriClient, signal: AbortSignal): Promise<PodSandbox> {
    this.#lent = true;
    this.#held ??= this.#make(cri, signal);
    return this.#held.pod;
  }

  /**
   * Takes the pod back from who borrowed it, if anybody did, and removes what was made in it.
   * @param passed whether all went well, so that the next one may have the same pod
   * @returns what could not be removed, in sentences
   */
  async takeBack(cri: CriClient, passed: boolean, signal?: AbortSignal): Promise<readonly string[]> {
    if (!this.#lent) return [];
    const podId = this.lentPodId;
    this.#lent = false;
    if (!passed || podId === undefined) return this.remove(cri, signal);
    const left = await removeContainers(cri, podId, signal);
    return left.length === 0 ? [] : [...left, ...(await this.remove(cri, signal))];
  }

  /** @returns what could not be removed, in sentences */
  async remove(cri: CriClient, signal?: AbortSignal): Promise<readonly string[]> {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : held.created.remove(cri, signal);
  }

  #make(cri: CriClient, signal: AbortSignal): Held {
    const scope = `shared-pod-${process.hrtime.bigint().toString(36)}`;
    const created = new Created(this.#target, scope);
    const observed = cri.observedBy(created.observe);
    const given = new Given(observed, this.#target, Ledger.join(this.#target.runId), scope, signal);
    const pod = given.podSandbox();
    const held: Held = { created, pod };
    // Whoever asked for the pod learns when it cannot be made.
    void pod.then(
      ({ id }) => (held.podId = id),
      () => undefined,
    );
    return held;
  }
}

/** Held from the moment at which it is asked for: what a failed attempt has left is removed as well. */
interface Held {
  readonly created: Created;
  readonly pod: Promise<PodSandbox>;
  podId?: string;
}
