import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisProcess } from '../kit/process-identity.ts';
import { fixtureReference } from '../kit/fixture-images.ts';
import { findContainerdBinaries, type ContainerdBinaries } from './binaries.ts';
import { containerdConfig } from './containerd-config.ts';
import { hierarchies, hybridTree, makeDaemonCgroup } from './daemon-cgroup.ts';
import { startDaemon, waitUntilReady, wiredFolders } from './daemon.ts';
import { withHostLock } from './host-lock.ts';
import { claimHostPaths } from './host-paths.ts';
import { hasIptables } from './iptables.ts';
import { labOf, type Lab } from './lab.ts';
import { checkAborted, LabError } from './lab-error.ts';
import { labName, labPlaces, type LabPlaces, type LabSpec } from './lab-name.ts';
import { markedProcesses } from './lab-process.ts';
import { bootId, readRecord, writeRecord, type LabRecord } from './lab-record.ts';
import { chooseSubnet, takenNetworks } from './subnet.ts';
import { makeBridge, networkConfiguration, networkLimits } from './network.ts';
import { registryPrefix } from './registry/server.ts';
import { startRegistry } from './registry/start-registry.ts';
import { removeLab } from './remove-lab.ts';

/** For whom a lab is started, and who hears of it. */
export interface StartOptions {
  /** A run's lab is private to it; a user's lab stays until it is stopped, and runs use it meanwhile. */
  readonly owner: 'run' | 'user';
  /** Required for a run. */
  readonly runId?: string | undefined;
  readonly progress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

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
  const places =
    options.owner === 'user' ? users : labPlaces(labName(spec, options.runId ?? `p${String(process.pid)}`));
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

  const snapshotter = isOverlay(places.folder) ? 'native' : 'overlayfs';
  const means = networkMeans(binaries);
  writeFileSync(join(places.folder, 'cni', '10-crible.conflist'), networkConfiguration(places, subnet, means));
  writeFileSync(join(places.folder, 'config.toml'), configurationOf(places, binaries, registry.address, snapshotter));
  const trees = hierarchies();
  const cgroups = makeDaemonCgroup(trees, join(places.cgroup, 'daemon'));
  const environment = { cgroups: Object.values(cgroups), hybridTree: hybridTree(trees) };
  const daemon = startDaemon(places, binaries, environment);
  const client = await waitUntilReady(daemon, places.socket, { signal });
  const runtimeVersion = client.version.runtimeVersion;
  client.close();

  const { containerd, shim, handlers, busybox, cniPlugins } = binaries;
  const ready: LabRecord = {
    ...record,
    phase: 'running',
    running: {
      endpoint: `unix://${places.socket}`,
      runtimeVersion,
      handlers: Object.keys(handlers),
      registry,
      daemon: { pid: daemon.pid, cgroups },
      subnet,
      limits: [...binaries.missing, ...networkLimits(means), ...namespaceLimits(snapshotter)],
      provenance: [containerd, shim, ...Object.values(handlers), busybox, ...cniPlugins],
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
  { owner, runId }: StartOptions,
  { busybox }: ContainerdBinaries,
): LabRecord {
  return {
    schemaVersion: 1,
    name: places.name,
    runtime: spec.runtime,
    owner: owner === 'user' ? { kind: 'user' } : { kind: 'run', runId: runId ?? '' },
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

function networkMeans({ cniPlugins }: ContainerdBinaries): Parameters<typeof networkLimits>[0] {
  return {
    iptables: hasIptables(),
    portmap: cniPlugins.some(({ name }) => name === 'portmap'),
    forwarding: readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1',
  };
}

function configurationOf(
  places: LabPlaces,
  { containerd, handlers, cniFolder }: ContainerdBinaries,
  registryAddress: string,
  snapshotter: 'overlayfs' | 'native',
): string {
  const [, major = '1', minor = '0'] = /(\d+)\.(\d+)/.exec(containerd.version) ?? [];
  return containerdConfig({
    version: { major: Number(major), minor: Number(minor) },
    root: join(places.folder, 'root'),
    state: join(places.runFolder, 'state'),
    socket: places.socket,
    privateFolder: join(places.folder, 'private'),
    snapshotter,
    sandboxImage: `${registryAddress}/${registryPrefix}/${fixtureReference('pause')}`,
    handlers: Object.entries(handlers).map(([name, { path }]) => ({
      name,
      path,
      stateRoot: join(places.runFolder, name),
    })),
    cni: { pluginFolders: [cniFolder], configurationFolder: join(places.folder, 'cni') },
    restrictOomScoreAdj: !hasCapability(capSysResource),
  });
}

/** overlayfs cannot lie on overlayfs (EINVAL), which is what a container's own file system usually is. */
function isOverlay(folder: string): boolean {
  const overlayMagic = 0x79_4c_76_30;
  return statfsSync(folder).type === overlayMagic;
}

/** Bit of CAP_SYS_RESOURCE (capabilities(7)), which lowering oom_score_adj takes. */
const capSysResource = 24n;

function hasCapability(bit: bigint): boolean {
  const effective = /^CapEff:\s*(?<mask>[0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.groups?.['mask'];
  return ((BigInt(`0x${effective ?? '0'}`) >> bit) & 1n) === 1n;
}

function namespaceLimits(snapshotter: string): readonly string[] {
  return [
    'the daemon has a mount namespace of its own: its mounts (root file systems, network namespaces) are not visible on this machine, and Bidirectional mounts do not reach it',
    ...(hasCapability(capSysResource)
      ? []
      : ['no CAP_SYS_RESOURCE: oom_score_adj below this process’s own is raised to it (restrict_oom_score_adj)']),
    ...(snapshotter === 'native'
      ? ['crible’s home lies on overlayfs: snapshotter native, which copies whole layers']
      : []),
  ];
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
