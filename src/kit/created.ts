import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import {
  isMessage,
  RemovePodSandboxRequestSchema,
  RunPodSandboxRequestSchema,
  RunPodSandboxResponseSchema,
  StopPodSandboxRequestSchema,
} from '../cri/messages.ts';
import type { CallRecord } from '../cri/record.ts';
import { messageOf } from '../model/error.ts';
import { cgroupLayout, removeCgroupSoon } from './cgroup.ts';
import { runLabel, scopeLabel } from './labels.ts';
import { isMadeByHand } from './pod-sandbox-config.ts';
import { labelledPodSandboxes, removePodSandbox } from './remove.ts';
import { hasFeature, type TargetContext } from './target-context.ts';

/**
 * What one case attempt or workload round has made in the runtime, learnt from the answers that pass by and, when it is
 * time to clean up, from the labels: an object whose creation timed out is found by them alone.
 */
export class Created {
  readonly #target: TargetContext;
  readonly #scope: string;
  readonly #pods = new Set<string>();
  readonly #cgroups = new Set<string>();
  readonly #stopRequested = new Set<string>();

  constructor(target: TargetContext, scope: string) {
    this.#target = target;
    this.#scope = scope;
  }

  /** Give it every call of the scope. */
  readonly observe = (call: CallRecord): void => {
    const { request } = call;
    if (isMessage(request, StopPodSandboxRequestSchema)) this.#stopRequested.add(request.podSandboxId);
    // One that was not removed after all is still found by its labels.
    if (call.outcome === 'answered' && isMessage(request, RemovePodSandboxRequestSchema))
      this.#pods.delete(request.podSandboxId);
    if (!isMessage(request, RunPodSandboxRequestSchema)) return;
    const cgroup = request.config?.linux?.cgroupParent ?? '';
    if (isMadeByHand(cgroup)) this.#cgroups.add(cgroup);
    if (call.outcome === 'answered' && isMessage(call.response, RunPodSandboxResponseSchema)) {
      this.#pods.add(call.response.podSandboxId);
    }
  };

  /** Pods of the scope that nobody here asked to stop. */
  get untouchedPodIds(): readonly string[] {
    return [...this.#pods].filter((id) => !this.#stopRequested.has(id));
  }

  /**
   * Stops and removes everything of this scope.
   * @returns what could not be removed, in sentences; empty when all is gone
   */
  async remove(cri: CriClient, signal?: AbortSignal): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const id of new Set([...this.#pods, ...(await this.#labelled(cri, problems, signal))])) {
      problems.push(...(await removePodSandbox(cri, id, signal)));
    }
    if (hasFeature(this.#target, 'host-cgroups')) {
      const layout = cgroupLayout();
      for (const cgroup of this.#cgroups) {
        if (!(await removeCgroupSoon(layout, cgroup))) problems.push(`the cgroup ${cgroup} is still in use`);
      }
    }
    return problems;
  }

  async #labelled(cri: CriClient, problems: string[], signal?: AbortSignal): Promise<readonly string[]> {
    const labelSelector = { [runLabel]: this.#target.runId, [scopeLabel]: this.#scope };
    try {
      return await labelledPodSandboxes(cri, labelSelector, signal);
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      problems.push(`what is left could not be listed: ${messageOf(error)}`);
      return [];
    }
  }
}
