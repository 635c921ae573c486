import { setMaxListeners } from 'node:events';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { connect } from '../cri/client.ts';
import { removeCgroup } from '../kit/cgroup.ts';
import { removePodSandbox } from '../kit/remove.ts';
import { hierarchies } from './daemon-cgroup.ts';
import { releaseHostPaths } from './host-paths.ts';
import { removeNetworkRules } from './iptables.ts';
import { LabError } from './lab-error.ts';
import type { LabPlaces } from './lab-name.ts';
import { descendantsOf, isRunning, markedProcesses, signalProcess } from './lab-process.ts';
import { readRecord, writeRecord } from './lab-record.ts';

const run = promisify(execFile);
const criPatienceMs = 8000;
const killPatienceMs = 10_000;

/**
 * Takes a lab down, whatever state it is in, and leaves nothing of it: pods, daemon, shims, containers, mounts, bridge,
 * firewall rules, cgroups, registry, files. Each step is safe to repeat, so one that was interrupted is simply run again.
 * The caller holds the lab's lock.
 * @throws LabError `not-removed` naming what stays
 */
export async function removeLab(
  places: LabPlaces,
  { progress }: { readonly progress?: ((line: string) => void) | undefined },
): Promise<void> {
  const record = readRecord(places);
  if (record) writeRecord(places, { ...record, phase: 'stopping' });
  const busybox = record?.busybox;
  const daemon = record?.running?.daemon.pid;

  if (daemon !== undefined && markedProcesses(places).includes(daemon)) await removePods(places, progress);
  const cgroups = [places.cgroup, ...containerCgroups(places)];
  await killAll(places, cgroups);
  await unmountAll(places, busybox);
  await removeBridge(places, busybox);
  await removeNetworkRules(places.network);
  const left = await removeCgroups(cgroups);
  await releaseHostPaths(places.runFolder);
  if (left.length > 0) {
    throw new LabError('not-removed', `lab ${places.name} is down but these stay: ${left.join(', ')}`, 'stop it again');
  }
  // The record goes last: as long as anything is left, so is the word of it.
  for (const name of namesIn(places.folder).filter((name) => name !== 'lab.json')) {
    rmSync(join(places.folder, name), { recursive: true, force: true });
  }
  rmSync(places.folder, { recursive: true, force: true });
}

/** Pods are removed through the CRI while that works, so that the runtime and its plug-ins undo their own work. */
async function removePods(places: LabPlaces, progress: ((line: string) => void) | undefined): Promise<void> {
  const signal = AbortSignal.timeout(criPatienceMs);
  // All pods go side by side, and each of their calls listens.
  setMaxListeners(0, signal);
  try {
    const cri = await connect(`unix://${places.socket}`, { connectTimeoutMs: 1000, signal });
    try {
      const { items } = await cri.runtime.listPodSandbox({}, { deadlineMs: 2000, signal });
      if (items.length > 0) progress?.(`removing ${String(items.length)} pods of ${places.name}`);
      await Promise.all(items.map(({ id }) => removePodSandbox(cri, id, signal)));
    } finally {
      cri.close();
    }
  } catch {
    // A runtime that does not answer is killed with all that it runs.
  }
}

const bundleSchema = z.object({ linux: z.object({ cgroupsPath: z.string() }) });

/** Cgroups of containers that still have a bundle, from the OCI configuration that their runtime was given. */
function containerCgroups({ runFolder }: LabPlaces): readonly string[] {
  const tasks = join(runFolder, 'state', 'io.containerd.runtime.v2.task');
  const bundles = namesIn(tasks).flatMap((namespace) =>
    namesIn(join(tasks, namespace)).map((id) => join(tasks, namespace, id, 'config.json')),
  );
  return bundles.flatMap((path) => {
    try {
      const { cgroupsPath } = bundleSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).linux;
      return cgroupsPath.startsWith('/') && dirname(cgroupsPath) !== '/' ? [cgroupsPath] : [];
    } catch {
      return [];
    }
  });
}

/** The daemon first, lest it reacts to the death of the others; then shims, containers and the registry until none is left. */
async function killAll(places: LabPlaces, cgroups: readonly string[]): Promise<void> {
  const until = performance.now() + killPatienceMs;
  const daemon = readRecord(places)?.running?.daemon.pid;
  for (;;) {
    const marked = markedProcesses(places);
    const all = [...new Set([...marked, ...descendantsOf(marked), ...processesIn(cgroups)])].filter(isRunning);
    if (all.length === 0) return;
    if (performance.now() > until) {
      throw new LabError(
        'not-removed',
        `processes of lab ${places.name} do not end: ${all.join(', ')}`,
        'a process in uninterruptible sleep cannot be killed; try again later',
      );
    }
    const ordered = daemon !== undefined && all.includes(daemon) ? [daemon, ...all] : all;
    for (const pid of ordered) signalProcess(pid, 'SIGKILL');
    await sleep(10);
  }
}

function processesIn(cgroups: readonly string[]): readonly number[] {
  const trees = hierarchies();
  const folders = cgroups.flatMap((path) => trees.map(({ root }) => join(root, path))).flatMap(withSubfolders);
  return folders.flatMap((folder) => {
    try {
      return readFileSync(join(folder, 'cgroup.procs'), 'utf8').trim().split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

function withSubfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap((entry) => withSubfolders(join(folder, entry.name)))];
}

/** The lab's mounts end with its mount namespace; these are ones that somebody made visible out here. */
async function unmountAll(places: LabPlaces, busybox: string | undefined): Promise<void> {
  for (const mountPoint of mountsBelow(places)) {
    await attempt(busybox, 'umount', '-l', mountPoint);
  }
  const left = mountsBelow(places);
  if (left.length === 0) return;
  throw new LabError('not-removed', `still mounted: ${left.join(', ')}`, 'unmount them, then stop the lab again');
}

/** Deepest first. */
export function mountsBelow(
  { folder, runFolder }: LabPlaces,
  mountInfo = readFileSync('/proc/self/mountinfo', 'utf8'),
): readonly string[] {
  return mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => [folder, runFolder].some((parent) => path === parent || path.startsWith(`${parent}/`)))
    .reverse();
}

/** A pod's network namespace is freed some time after its last process; its link on our bridge need not wait for that. */
async function removeBridge({ bridge }: LabPlaces, busybox: string | undefined): Promise<void> {
  const folder = `/sys/class/net/${bridge}`;
  if (!existsSync(folder)) return;
  for (const port of namesIn(join(folder, 'brif'))) await attempt(busybox, 'ip', 'link', 'del', port);
  await attempt(busybox, 'ip', 'link', 'del', bridge);
  if (existsSync(folder)) {
    throw new LabError('not-removed', `the bridge ${bridge} stays`, `remove it with: ip link del ${bridge}`);
  }
}

/** A cgroup is busy for a moment after its last process died. Parents that were made for crible's pods go with them. */
async function removeCgroups(cgroups: readonly string[]): Promise<readonly string[]> {
  const layout = { trees: hierarchies().map(({ root }) => root) } as const;
  const parents = [...new Set(cgroups.map((path) => dirname(path)))].filter((path) => /^\/crible-[^/]+\//.test(path));
  let left: readonly string[] = [];
  for (let attempts = 0; attempts < 100; attempts += 1) {
    left = [...cgroups, ...parents].flatMap((path) => removeCgroup(layout, path));
    if (left.length === 0) break;
    await sleep(20);
  }
  return left;
}

/** With our own busybox, or with the machine's program where the record of the lab is lost. */
async function attempt(busybox: string | undefined, ...command: readonly [string, ...string[]]): Promise<void> {
  const [program, ...arguments_] = command;
  try {
    if (busybox !== undefined && existsSync(busybox)) await run(busybox, command);
    else await run(program, arguments_);
  } catch {
    // What stays is found and named by the caller.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
