import { existsSync, rmSync } from 'node:fs';
import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { removeProfilesOf } from './apparmor.ts';
import { cgroupLayout, removeCgroup } from './cgroup.ts';
import { runFolder } from './home.ts';
import { unmountBelow } from './host-mounts.ts';
import { ownerLabel, runLabel } from './labels.ts';
import { Ledger, recordedRuns } from './ledger.ts';
import { runCgroup } from './pod-sandbox-config.ts';
import { isAlive, parseIdentity } from './process-identity.ts';
import { labelledPodSandboxes, removePodSandbox } from './remove.ts';

/** What a sweep did and could not do, in sentences for the user. */
export interface Swept {
  readonly removed: readonly string[];
  readonly left: readonly string[];
}

/** Removes from a runtime what runs of crible left there whose process is dead, and nothing else: no other client's pod, no living run's. */
export async function sweepTarget(cri: CriClient, signal?: AbortSignal): Promise<Swept> {
  const removed: string[] = [];
  const left: string[] = [];
  const { items } = await cri.runtime.listPodSandbox({}, { signal });
  for (const pod of items) {
    const runId = pod.labels[runLabel];
    if (runId === undefined) continue;
    const name = `pod sandbox ${pod.id.slice(0, 13)} of run ${runId}`;
    const owner = parseIdentity(pod.labels[ownerLabel] ?? '');
    if (owner === undefined || isAlive(owner)) {
      left.push(`${name}: its run is still alive, or cannot be told to be dead`);
      continue;
    }
    const problems = await removePodSandbox(cri, pod.id, signal);
    if (problems.length === 0) removed.push(name);
    left.push(...problems.map((problem) => `${name}: ${problem}`));
  }
  const images = await sweepImages(cri, signal);
  return { removed: [...removed, ...images.removed], left: [...left, ...images.left] };
}

/** Images that dead runs pulled from this endpoint; left alone while any run lives, which may use them too. */
async function sweepImages(cri: CriClient, signal?: AbortSignal): Promise<Swept> {
  const runs = recordedRuns();
  if (runs.some(({ owner }) => owner !== undefined && isAlive(owner))) return { removed: [], left: [] };
  const swept: Swept[] = [];
  for (const { runId } of runs) swept.push(await removePulledImages(cri, runId, signal));
  return { removed: swept.flatMap(({ removed }) => removed), left: swept.flatMap(({ left }) => left) };
}

/**
 * Removes the pods that a run still has in a runtime although it is over: those of a worker that crashed or was given up.
 * @returns what could not be removed, in sentences
 */
export async function removePodsOfRun(cri: CriClient, runId: string, signal?: AbortSignal): Promise<readonly string[]> {
  const left: string[] = [];
  for (const id of await labelledPodSandboxes(cri, { [runLabel]: runId }, signal)) {
    left.push(...(await removePodSandbox(cri, id, signal)));
  }
  return left;
}

/** Removes the images that a run pulled through this endpoint and that were absent before it. */
export async function removePulledImages(cri: CriClient, runId: string, signal?: AbortSignal): Promise<Swept> {
  const removed: string[] = [];
  const left: string[] = [];
  for (const reference of pulledImages(runId, cri.imageEndpoint)) {
    try {
      await cri.image.removeImage({ image: { image: reference } }, { signal });
      removed.push(`image ${reference} of run ${runId}`);
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      left.push(`image ${reference} of run ${runId}: ${error.message}`);
    }
  }
  return { removed, left };
}

/** The images that a run noted as absent before it and pulled through an endpoint. */
export function pulledImages(runId: string, endpoint: string): ReadonlySet<string> {
  return new Set(
    Ledger.join(runId)
      .read()
      .flatMap((intent) => (intent.endpoint === endpoint ? [intent.reference] : [])),
  );
}

/**
 * Removes what dead runs left on this machine outside any runtime: cgroups, log directories, ledgers. Runtimes come first: a
 * run that pulled images through an endpoint which was not swept and is still there keeps its ledger.
 * @param swept endpoints whose runtimes have been swept
 */
export function sweepHost(swept: readonly string[]): Swept {
  const done: Swept[] = deadRuns().map(({ runId }) => {
    const waiting = Ledger.join(runId)
      .read()
      .find((intent) => !swept.includes(intent.endpoint) && mayBeThere(intent.endpoint));
    if (waiting === undefined) return removeHostTraces(runId);
    return { removed: [], left: [`run ${runId} pulled images through ${waiting.endpoint}: sweep that target too`] };
  });
  return { removed: done.flatMap(({ removed }) => removed), left: done.flatMap(({ left }) => left) };
}

function mayBeThere(endpoint: string): boolean {
  return !endpoint.startsWith('unix:') || existsSync(endpoint.replace(/^unix:(\/\/)?/, ''));
}

/**
 * Removes a run's own cgroups, mounts, AppArmor profiles and its folder with the pods' logs and the ledger; a cgroup or mount in
 * use keeps the folder, for the next sweep.
 */
export function removeHostTraces(runId: string): Swept {
  const busy = removeCgroup(cgroupLayout(), runCgroup(runId));
  if (busy.length > 0) return { removed: [], left: [`the cgroup ${runCgroup(runId)} of run ${runId} is still in use`] };
  removeProfilesOf(runId);
  if (!existsSync(runFolder(runId))) return { removed: [], left: [] };
  const mounted = unmountBelow(runFolder(runId));
  if (mounted.length > 0) return { removed: [], left: [`still mounted by run ${runId}: ${mounted.join(', ')}`] };
  rmSync(runFolder(runId), { recursive: true, force: true });
  return { removed: [`files of run ${runId}`], left: [] };
}

function deadRuns(): readonly { readonly runId: string }[] {
  return recordedRuns().filter(({ owner }) => owner === undefined || !isAlive(owner));
}
