import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';

/** StopPodSandbox of a runtime that turns the caller's deadline into a grace period (CRI-O) waits no longer than this. */
const stopDeadlineMs = 10_000;
const removeDeadlineMs = 20_000;

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
  const attempt = async (call: Promise<unknown>): Promise<void> => {
    try {
      await call;
    } catch (error) {
      // What is gone already needs no removal; runtimes differ in whether they say so.
      if (!(error instanceof CriError)) throw error;
      if (error.code !== 'NotFound') problems.push(error.message);
    }
  };
  const stopContainers = async (): Promise<void> => {
    const { containers } = await cri.runtime.listContainers({ filter: { podSandboxId } }, stop);
    const ours = containers.filter((container) => container.podSandboxId === podSandboxId);
    await Promise.all(ours.map(({ id }) => attempt(cri.runtime.stopContainer({ containerId: id, timeout: 0n }, stop))));
  };
  await attempt(stopContainers());
  await attempt(cri.runtime.stopPodSandbox({ podSandboxId }, stop));
  const beforeRemoval = problems.length;
  await attempt(cri.runtime.removePodSandbox({ podSandboxId }, { deadlineMs: removeDeadlineMs, signal }));
  // A stop that failed does not matter once the removal succeeded.
  return problems.length === beforeRemoval ? [] : problems;
}
