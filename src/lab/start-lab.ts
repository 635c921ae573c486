import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { thisProcess } from '../kit/process-identity.ts';
import { findContainerdBinaries, type ContainerdBinaries } from './binaries.ts';
import { writeConfiguration } from './configuration.ts';
import { hierarchies, hybridTree, makeDaemonCgroup } from './daemon-cgroup.ts';
import { startDaemon, waitUntilReady, wiredFolders } from './daemon.ts';
import { withHostLock } from './host-lock.ts';
import { claimHostPaths } from './host-paths.ts';
import { labOf, type Lab } from './lab.ts';
import { checkAborted, LabError } from './lab-error.ts';
import { labName, labPlaces, type LabPlaces, type LabSpec } from './lab-name.ts';
import { markedProcesses } from './lab-process.ts';
import { bootId, readRecord, writeRecord, type LabRecord } from './lab-record.ts';
import { chooseSubnet, takenNetworks } from './subnet.ts';
import { makeBridge } from './network.ts';
import type { Errand } from './packages/apt.ts';
import { startRegistry } from './registry/start-registry.ts';
import { removeLab } from './remove-lab.ts';

/** For whom a lab is started: a run's is private to it, a user's stays until it is stopped and runs use it meanwhile. */
export type StartOptions = Errand & ({ readonly owner: 'user' } | { readonly owner: 'run'; readonly runId: string });

/**
 * Starts a private runtime beside the host's, or finds the user's that runs already; a run takes that one too, and must
 * not stop it (`releaseLab` knows). Whatever goes wrong or is interrupted, nothing of the lab is left but unpacked packages.
 * @throws UsageError on an unknown runtime, LabError on everything else
 */
export async function startLab(spec: LabSpec, options: StartOptions): Promise<Lab> {
  requirePlace();
  const users = labPlaces(labName(spec));
  const running = runningLab(users);
  if (running) return running;
  const places = options.owner === 'user' ? users : labPlaces(labName(spec, options.runId));
  const { signal, progress } = options;
  return withHostLock(
    `lab ${places.folder}`,
    async () => {
      const other = runningLab(places);
      if (other) return other;
      const binaries = await findContainerdBinaries(spec.version, { progress, signal });
      checkAborted(signal, `starting ${places.name}`);
      if (existsSync(places.folder)) await removeLab(places, { progress });
      try {
        return await bringUp(places, spec, options, binaries);
      } catch (error) {
        await removeLab(places, { progress });
        throw error;
      }
    },
    { signal },
  );
}

/** The lab of a record whose daemon and registry live. */
export function runningLab(places: LabPlaces): Lab | undefined {
  const record = readRecord(places);
  const lab = record && labOf(record);
  if (!lab || record.bootId !== bootId()) return undefined;
  const alive = markedProcesses(places);
  return alive.includes(lab.daemon.pid) && alive.includes(lab.registry.pid) ? lab : undefined;
}

async function bringUp(
  places: LabPlaces,
  spec: LabSpec,
  options: StartOptions,
  binaries: ContainerdBinaries,
): Promise<Lab> {
  const { progress, signal } = options;
  const record = firstRecord(places, spec, options, binaries);
  writeRecord(places, record);
  progress?.(`starting ${places.name} in ${places.folder}`);
  for (const name of ['root', 'tmp', 'cni', 'private/certs.d']) {
    mkdirSync(join(places.folder, name), { recursive: true });
  }
  const [registry, subnet] = await Promise.all([
    startRegistry(places, binaries.busybox.path, signal),
    makeNetwork(places, binaries),
  ]);
  checkAborted(signal, `starting ${places.name}`);

  const { handlers, limits } = writeConfiguration(places, binaries, registry.address, subnet);
  const trees = hierarchies();
  const cgroups = makeDaemonCgroup(trees, join(places.cgroup, 'daemon'));
  const environment = { cgroups: Object.values(cgroups), hybridTree: hybridTree(trees) };
  const daemon = startDaemon(places, binaries, environment);
  const client = await waitUntilReady(daemon, places.socket, { signal });
  const runtimeVersion = client.version.runtimeVersion;
  client.close();

  const { containerd, shim, busybox, cniPlugins } = binaries;
  const ready: LabRecord = {
    ...record,
    phase: 'running',
    running: {
      endpoint: `unix://${places.socket}`,
      runtimeVersion,
      handlers: handlers.map(({ name }) => name),
      registry,
      daemon: { pid: daemon.pid, cgroups },
      subnet,
      limits: [...limits],
      provenance: [containerd, shim, ...handlers, busybox, ...cniPlugins],
    },
  };
  writeRecord(places, ready);
  const lab = labOf(ready);
  if (!lab) throw new Error('a running record without a lab');
  return lab;
}

function firstRecord(
  places: LabPlaces,
  spec: LabSpec,
  options: StartOptions,
  { busybox }: ContainerdBinaries,
): LabRecord {
  return {
    schemaVersion: 1,
    name: places.name,
    runtime: spec.runtime,
    owner: options.owner === 'user' ? { kind: 'user' } : { kind: 'run', runId: options.runId },
    starter: thisProcess(),
    bootId: bootId(),
    since: new Date().toISOString(),
    busybox: busybox.path,
    phase: 'starting',
  };
}

/** Subnets are chosen and taken under one lock, so that two labs starting at once cannot choose the same. */
async function makeNetwork(places: LabPlaces, { busybox }: ContainerdBinaries): Promise<string> {
  await claimHostPaths(places.runFolder);
  const own = [...wiredFolders.map((wired) => wired.own), 'empty', 'ipam'];
  for (const name of own) mkdirSync(join(places.runFolder, name), { mode: 0o711 });
  return withHostLock('subnets', async () => {
    const subnet = chooseSubnet(takenNetworks(), parseInt(places.id, 16));
    await makeBridge(busybox.path, places, subnet);
    return subnet;
  });
}

function requirePlace(): void {
  if (process.platform !== 'linux') {
    throw new LabError('not-linux', `a lab needs Linux, this is ${process.platform}`, 'use the simulator: sim:');
  }
  if (process.geteuid?.() !== 0) {
    throw new LabError(
      'not-root',
      'a lab needs root: it makes namespaces, mounts and cgroups',
      'run as root, or use the simulator: sim:',
    );
  }
}
