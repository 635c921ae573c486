import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureReference } from '../kit/fixture-images.ts';
import type { Binary } from '../model/target.ts';
import type { ContainerdBinaries } from './binaries.ts';
import { containerdConfig } from './containerd-config.ts';
import { handlerFlaw } from './handler-fitness.ts';
import { hasIptables } from './iptables.ts';
import { LabError } from './lab-error.ts';
import type { LabPlaces } from './lab-name.ts';
import { networkConfiguration, networkLimits, type NetworkMeans } from './network.ts';
import { registryPrefix } from './registry/server.ts';

/**
 * Writes the daemon's configuration and its pod network's, as this machine allows.
 * @returns the handlers that the daemon will have, the default one first, and what the lab cannot do, in sentences
 * @throws LabError `handler-missing` when no handler is left
 */
export function writeConfiguration(
  places: LabPlaces,
  binaries: ContainerdBinaries,
  registryAddress: string,
  subnet: string,
): { readonly handlers: readonly Binary[]; readonly limits: readonly string[] } {
  const means = networkMeans(binaries);
  const conflist = join(places.folder, 'cni', '10-crible.conflist');
  writeFileSync(conflist, networkConfiguration(places, subnet, means));

  const { handlers, limits } = fitHandlers(binaries);
  const [, major = '1', minor = '0'] = /(\d+)\.(\d+)/.exec(binaries.containerd.version) ?? [];
  const snapshotter = isOverlay(places.folder) ? 'native' : 'overlayfs';
  const config = containerdConfig({
    version: { major: Number(major), minor: Number(minor) },
    root: join(places.folder, 'root'),
    state: join(places.runFolder, 'state'),
    socket: places.socket,
    privateFolder: join(places.folder, 'private'),
    snapshotter,
    sandboxImage: `${registryAddress}/${registryPrefix}/${fixtureReference('pause')}`,
    handlers: handlers.map(({ name, path }) => ({ name, path, stateRoot: join(places.runFolder, name) })),
    cni: { pluginFolders: [binaries.cniFolder], configurationFolder: join(places.folder, 'cni') },
    restrictOomScoreAdj: !hasCapability(capSysResource),
  });
  writeFileSync(join(places.folder, 'config.toml'), config);
  return {
    handlers,
    limits: [...binaries.missing, ...limits, ...networkLimits(means), ...namespaceLimits(snapshotter)],
  };
}

function fitHandlers({ handlers, containerd }: ContainerdBinaries): {
  readonly handlers: readonly Binary[];
  readonly limits: readonly string[];
} {
  const flaws = new Map(Object.values(handlers).map((binary) => [binary, handlerFlaw(binary, containerd)]));
  const limits = [...flaws.values()].filter((flaw) => flaw !== undefined);
  const fit = [...flaws].flatMap(([binary, flaw]) => (flaw === undefined ? [binary] : []));
  if (fit.length > 0) return { handlers: fit, limits };
  throw new LabError('handler-missing', `no runtime handler is left: ${limits.join('; ')}`, 'put a runc on PATH');
}

function networkMeans({ cniPlugins }: ContainerdBinaries): NetworkMeans {
  return {
    iptables: hasIptables(),
    portmap: cniPlugins.some(({ name }) => name === 'portmap'),
    forwarding: readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1',
  };
}

/** overlayfs cannot lie on overlayfs (EINVAL), which is what a container's own file system usually is. */
function isOverlay(folder: string): boolean {
  const overlayMagic = 0x79_4c_76_30;
  return statfsSync(folder).type === overlayMagic;
}

/** Whether later mounts reach mount namespaces made from ours: `shared:N` among the optional fields of / (proc(5)). */
function isRootShared(): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounts.some((line) => line.split(' ')[4] === '/' && /^[^-]* shared:\d+ /.test(line));
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
    ...(isRootShared()
      ? []
      : ['the root mount of this machine is private: what is mounted here after the lab started is not visible to it']),
    ...(hasCapability(capSysResource)
      ? []
      : ["no CAP_SYS_RESOURCE: an oom_score_adj below this process's own is raised to it (restrict_oom_score_adj)"]),
    ...(snapshotter === 'native'
      ? ["crible's home lies on overlayfs: snapshotter native, which copies whole layers"]
      : []),
  ];
}
