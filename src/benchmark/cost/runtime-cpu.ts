import { join } from 'node:path';
import {
  cgroupChildren,
  cgroupCpu,
  cgroupOf,
  thisMachine,
  type Cgroup,
  type CgroupCpu,
  type CgroupFolder,
  type Machine,
} from '../../kit/cgroup-usage.ts';
import type { RuntimeProcesses } from './runtime-processes.ts';

/** A figure, or why there is none. */
export type Known<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The cgroups that account a runtime's CPU time. */
export interface RuntimeCgroups {
  /** Of the daemons, none of them inside another. */
  readonly daemons: Known<readonly CgroupFolder[]>;
  /** Above those of the pods; need not exist. */
  readonly pods: Known<CgroupFolder>;
}

/** One reading of a runtime's cgroups; undefined stands for a cgroup that is not there. */
export interface RuntimeCpu {
  readonly daemons: Known<ReadonlyMap<string, CgroupCpu | undefined>>;
  readonly pods: Known<{ readonly path: string; readonly cpu: CgroupCpu | undefined }>;
  /** By folder, where the containers were looked at. */
  readonly containers: ReadonlyMap<string, CgroupCpu> | undefined;
}

const unknownLayout = 'no cgroup tree here accounts CPU time in a form that is known (v1 cpuacct or v2)';

/** A daemon is accounted by its cgroup when it has one to itself: one that crible is in, too, holds more than the runtime. */
export function runtimeCgroups(
  runtime: RuntimeProcesses,
  { cpu: pods }: Cgroup,
  machine: Machine = thisMachine(),
  self = process.pid,
): RuntimeCgroups {
  return {
    daemons: daemonFolders(runtime, machine, self),
    pods: pods === undefined ? { ok: false, reason: unknownLayout } : { ok: true, value: pods },
  };
}

function daemonFolders({ daemons }: RuntimeProcesses, machine: Machine, self: number): Known<readonly CgroupFolder[]> {
  const own = cgroupOf(self, machine)?.cpu;
  if (own === undefined) return { ok: false, reason: unknownLayout };
  const folders = new Map<string, CgroupFolder>();
  for (const { pid, name } of daemons) {
    const cgroup = cgroupOf(pid, machine);
    if (cgroup === undefined) return { ok: false, reason: `${name} (process ${String(pid)}) has ended` };
    if (cgroup.cpu === undefined) return { ok: false, reason: unknownLayout };
    const { path } = cgroup.cpu;
    if (within(own.path, path)) {
      return { ok: false, reason: `${name} has no cgroup to itself: crible is below ${path}, too` };
    }
    folders.set(path, cgroup.cpu);
  }
  const all = [...folders.values()];
  const inAnother = ({ path }: CgroupFolder): boolean =>
    all.some((other) => other.path !== path && within(path, other.path));
  return { ok: true, value: all.filter((folder) => !inAnother(folder)) };
}

/** @param containers whether the containers are looked at one by one, too */
export function readRuntimeCpu({ daemons, pods }: RuntimeCgroups, containers: boolean): RuntimeCpu {
  return {
    daemons: daemons.ok
      ? { ok: true, value: new Map(daemons.value.map((folder) => [folder.path, cgroupCpu({ cpu: folder })])) }
      : daemons,
    pods: pods.ok ? { ok: true, value: { path: pods.value.path, cpu: cgroupCpu({ cpu: pods.value }) } } : pods,
    containers: containers && pods.ok ? containersBelow(pods.value) : undefined,
  };
}

/** Containers have their cgroups below their pod's; CRI-O's monitors may be there as well. */
function containersBelow({ path, unified }: CgroupFolder): ReadonlyMap<string, CgroupCpu> {
  const pods = cgroupChildren(path).map((name) => join(path, name));
  const containers = pods.flatMap((pod) =>
    cgroupChildren(pod)
      .filter((name) => !name.includes('conmon'))
      .map((name) => join(pod, name)),
  );
  return new Map(
    containers.flatMap((folder) => {
      const cpu = cgroupCpu({ cpu: { path: folder, unified } });
      return cpu === undefined ? [] : [[folder, cpu] as const];
    }),
  );
}

/** CPU time of the daemons' cgroups between two readings, the pods left out where their cgroups lie below a daemon's. */
export function daemonCpuBetween(start: RuntimeCpu, end: RuntimeCpu): Known<number> {
  if (!start.daemons.ok) return start.daemons;
  if (!end.daemons.ok) return end.daemons;
  let sum = 0;
  for (const [path, before] of start.daemons.value) {
    if (before === undefined) return { ok: false, reason: `${path} tells no CPU time` };
    const used = between(path, before, end.daemons.value.get(path));
    if (!used.ok) return used;
    sum += used.value;
    if (!start.pods.ok || !within(start.pods.value.path, path)) continue;
    const pods = podsCpuBetween(start, end);
    if (!pods.ok) return pods;
    sum -= pods.value;
  }
  return { ok: true, value: Math.max(0, sum) };
}

export function podsCpuBetween(start: RuntimeCpu, end: RuntimeCpu): Known<number> {
  if (!start.pods.ok) return start.pods;
  if (!end.pods.ok) return end.pods;
  return between(start.pods.value.path, start.pods.value.cpu, end.pods.value.cpu);
}

/**
 * CPU time of the containers that were there at both readings. What a container used that began meanwhile is left to the
 * runtime, for it is mostly the work of its start: a low-level runtime in Go spends some 20 ms in the new cgroup, one in C
 * 5 ms, and to take that for the container's would hide the difference.
 */
export function containersCpuBetween(start: RuntimeCpu, end: RuntimeCpu): number | undefined {
  if (start.containers === undefined || end.containers === undefined) return undefined;
  let sum = 0;
  for (const [path, before] of start.containers) {
    const used = between(path, before, end.containers.get(path));
    if (used.ok) sum += used.value;
  }
  return sum;
}

/** A cgroup that was not there began at 0; one that was removed took its figure along. */
function between(path: string, before: CgroupCpu | undefined, after: CgroupCpu | undefined): Known<number> {
  if (after === undefined) {
    return before === undefined
      ? { ok: true, value: 0 }
      : { ok: false, reason: `${path} was removed, and its CPU time with it` };
  }
  if (before === undefined) return { ok: true, value: after.cpuNs };
  if (before.inode !== after.inode) {
    return { ok: false, reason: `${path} was removed and made again, and the CPU time of the first is lost` };
  }
  return { ok: true, value: Math.max(0, after.cpuNs - before.cpuNs) };
}

/** Whether a folder is another one or lies below it. */
export function within(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}/`);
}
