import { setTimeout as pause } from 'node:timers/promises';
import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';

/** StopPodSandbox of a runtime that turns the caller's deadline into a grace period (CRI-O) waits no longer than this. */
const stopDeadlineMs = 10_000;
const removeDeadlineMs = 20_000;
/** How long a container may be on its way from one state to the next. */
const settlingMs = 3_000;
const settlingPollMs = 20;

/**
 * Removes a pod sandbox of ours with all its containers: StopContainer(0) for each, StopPodSandbox with a short deadline,
 * RemovePodSandbox, which removes the containers that are left (proto: "forcibly terminated and removed").
 * @returns what went wrong, in sentences; empty when it is gone
 */
export async function removePodSandbox(
  cri: CriClient,
  podSandboxId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const stop = { deadlineMs: stopDeadlineMs, signal };
  const problems: string[] = [];
  const attempt = attemptNoting(problems);
  const stopContainers = async (): Promise<void> => {
    const ours = await containersOf(cri, podSandboxId, signal);
    await Promise.all(
      ours.map((containerId) => attempt(cri.runtime.stopContainer({ containerId, timeout: 0n }, stop))),
    );
  };
  await attempt(stopContainers());
  await attempt(cri.runtime.stopPodSandbox({ podSandboxId }, stop));
  const beforeRemoval = problems.length;
  await attempt(
    onceSettled(() => cri.runtime.removePodSandbox({ podSandboxId }, { deadlineMs: removeDeadlineMs, signal })),
  );
  // A stop that failed does not matter once the removal succeeded.
  return problems.length === beforeRemoval ? [] : problems;
}

/** The pod sandboxes that carry all of these labels, by their ids. */
export async function labelledPodSandboxes(
  cri: CriClient,
  labelSelector: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const options = { deadlineMs: stopDeadlineMs, signal };
  const { items } = await cri.runtime.listPodSandbox({ filter: { labelSelector } }, options);
  // A runtime that ignores the filter must not make us remove what is not ours.
  return items
    .filter(({ labels }) => Object.entries(labelSelector).every(([key, value]) => labels[key] === value))
    .map(({ id }) => id);
}

/**
 * Removes all containers of a pod sandbox of ours and leaves the pod. They are stopped first, although RemoveContainer is to
 * end what runs: containerd 1.6 refuses to remove one that ends by itself at this moment.
 * @returns what went wrong, in sentences; empty when they are gone
 */
export async function removeContainers(
  cri: CriClient,
  podSandboxId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const attempt = attemptNoting(problems);
  const options = { deadlineMs: removeDeadlineMs, signal };
  const remove = async (containerId: string): Promise<void> => {
    await cri.runtime.stopContainer({ containerId, timeout: 0n }, options);
    await cri.runtime.removeContainer({ containerId }, options);
  };
  const removeAll = async (): Promise<void> => {
    const ours = await containersOf(cri, podSandboxId, signal);
    await Promise.all(ours.map((containerId) => attempt(onceSettled(() => remove(containerId)))));
  };
  await attempt(removeAll());
  return problems;
}

/**
 * Asks for a removal again while a container is on its way from one state to the next: containerd answers `ttrpc: closed` and
 * `container is still running` about one that ends by itself, `container is in starting state` about one whose start was cancelled.
 */
async function onceSettled(removal: () => Promise<unknown>): Promise<void> {
  const endsAt = performance.now() + settlingMs;
  for (;;) {
    try {
      await removal();
      return;
    } catch (error) {
      if (!(error instanceof CriError) || error.code !== 'Unknown' || performance.now() > endsAt) throw error;
      await pause(settlingPollMs);
    }
  }
}

async function containersOf(cri: CriClient, podSandboxId: string, signal?: AbortSignal): Promise<string[]> {
  const options = { deadlineMs: stopDeadlineMs, signal };
  const { containers } = await cri.runtime.listContainers({ filter: { podSandboxId } }, options);
  // A runtime that ignores the filter must not make us remove what is not ours.
  return containers.filter((container) => container.podSandboxId === podSandboxId).map(({ id }) => id);
}

/** Waits for calls of a removal and notes in sentences what went wrong. */
function attemptNoting(problems: string[]): (call: Promise<unknown>) => Promise<void> {
  return async (call) => {
    try {
      await call;
    } catch (error) {
      // What is gone already needs no removal; runtimes differ in whether they say so.
      if (!(error instanceof CriError)) throw error;
      if (error.code !== 'NotFound') problems.push(error.message);
    }
  };
}
