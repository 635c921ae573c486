import { basename, join } from 'node:path';
import { cgroupChildren, textOf } from '../../../src/kit/cgroup-usage.ts';
import { cgroupLayout } from '../../../src/kit/cgroup.ts';
import { processIds } from '../../../src/kit/socket-owner.ts';
import { commandLineOf } from './host-process.ts';

/** What there is of some pods and containers on this machine. */
export interface Traces {
  /** Shims, monitors, the containers' own: they name one of them, or are in a cgroup of one. */
  readonly processes: readonly string[];
  /** Mount points, of the daemon or of this process, on a path of one of them. */
  readonly mounts: readonly string[];
  /** Of containers; a pod's own is crible's to remove, as it was crible's to make. */
  readonly cgroups: readonly string[];
}

/** As every runtime writes them into paths and command lines. */
const idPattern = /[0-9a-f]{64}/g;

/**
 * Looks for traces of pod sandboxes and containers by their ids. Takes the features root, host-pids and host-cgroups.
 * @param daemon the process whose mounts are looked at, too: they may be hidden from ours
 */
export function tracesOf(ids: ReadonlySet<string>, daemon: number): Traces {
  const names = (text: string): boolean => [...text.matchAll(idPattern)].some(([id]) => ids.has(id));
  const cgroups = cgroupLayout()
    .trees.flatMap(foldersBelow)
    .filter((folder) => names(basename(folder)));
  return {
    processes: processIds()
      .filter((pid) => names(commandLineOf(pid)) || names(textOf(join('/proc', String(pid), 'cgroup')) ?? ''))
      .map((pid) => `process ${String(pid)} (${commandLineOf(pid).replaceAll('\0', ' ').slice(0, 100)})`),
    mounts: unique([...mountsOf('self'), ...mountsOf(String(daemon))].map(({ point }) => point).filter(names)),
    cgroups: unique(cgroups.map((folder) => basename(folder))),
  };
}

/** Namespaces that are kept by a mount, as network namespaces of pods are; mounted by whomever. */
export function keptNamespaces(daemon: number): number {
  return new Set(mountsOf(String(daemon)).flatMap(({ type, root }) => (type === 'nsfs' ? [root] : []))).size;
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
}

/** From /proc/PID/mountinfo (proc(5)): root and mount point are the fourth and fifth field, the type is the first after ` - `. */
function mountsOf(pid: string): readonly Mount[] {
  return (textOf(join('/proc', pid, 'mountinfo')) ?? '').split('\n').flatMap((line) => {
    const [mount = '', file = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ');
    const [type = ''] = file.split(' ');
    return root === undefined || point === undefined ? [] : [{ root, point, type }];
  });
}

function foldersBelow(folder: string): readonly string[] {
  return cgroupChildren(folder)
    .map((name) => join(folder, name))
    .flatMap((child) => [child, ...foldersBelow(child)]);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
