import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  cgroupChildren,
  cgroupOf,
  cgroupProcesses,
  textOf,
  thisMachine,
  type Cgroup,
  type Machine,
} from '../../kit/cgroup-usage.ts';
import { holdingsOfProcess } from '../../kit/process-memory.ts';
import { within } from './runtime-cpu.ts';
import {
  findRuntime,
  monitorsOf,
  offers,
  podsCgroup,
  type MeteredTarget,
  type RuntimeProcesses,
} from './runtime-processes.ts';

/** What a runtime has standing on the machine at a moment; null is what cannot be seen from here. */
export interface HostTraces {
  /** Shims and monitors. */
  readonly monitors: number | null;
  /** Other processes in the daemon's cgroup: the daemon, and what it and its shims started. */
  readonly processes: number | null;
  /** In the daemon's mount namespace, those that hold a network namespace left out. */
  readonly mounts: number | null;
  /** Network namespaces that are held by a mount, as for pods. */
  readonly networkNamespaces: number | null;
  /** Containers' cgroups. Those of pods are made and removed by crible, as by a kubelet. */
  readonly cgroups: number | null;
  /** Open file descriptors of the daemon. */
  readonly descriptors: number | null;
}

const nothing: HostTraces = {
  monitors: null,
  processes: null,
  mounts: null,
  networkNamespaces: null,
  cgroups: null,
  descriptors: null,
};

/** Counts what a target's runtime has standing on this machine. Take it before the pods' cgroups are cleaned up. */
export function hostTraces(target: MeteredTarget, machine: Machine = thisMachine()): HostTraces {
  const found = findRuntime(target);
  return found.ok ? tracesOf(found.runtime, target, machine) : nothing;
}

export function tracesOf(
  runtime: RuntimeProcesses,
  target: Pick<MeteredTarget, 'runId' | 'cgroupDriver' | 'features'>,
  machine: Machine = thisMachine(),
): HostTraces {
  const [{ pid }] = runtime.daemons;
  const pods = podsCgroup(target, machine);
  const monitors = monitorsOf(runtime, pods, machine);
  const cgroup = cgroupOf(pid, machine);
  const mounts = textOf(join(machine.proc, String(pid), 'mountinfo'))
    ?.split('\n')
    .filter((line) => line.includes(' - '));
  // proc(5): the fourth field of a mounted network namespace is its name, net:[INODE].
  const namespaces = mounts?.filter((line) => line.includes(' - nsfs ') && / net:\[\d+\] /.test(line));
  return {
    monitors: monitors.length,
    processes: cgroup === undefined ? null : othersIn(cgroup, monitors, machine),
    mounts: mounts && namespaces ? mounts.length - namespaces.length : null,
    networkNamespaces: namespaces?.length ?? null,
    cgroups: pods.cpu === undefined || !offers(target, 'host-cgroups') ? null : containersBelow(pods.cpu.path),
    descriptors: holdingsOfProcess(pid, machine.proc)?.descriptors ?? null,
  };
}

/** Null for a cgroup that crible is in as well: it is not the daemon's own. */
function othersIn(cgroup: Cgroup, monitors: readonly number[], machine: Machine): number | null {
  const own = cgroupOf(process.pid, machine)?.cpu?.path;
  if (cgroup.cpu === undefined || (own !== undefined && within(own, cgroup.cpu.path))) return null;
  const processes = cgroupProcesses(cgroup);
  return processes === undefined ? null : [...processes].filter((pid) => !monitors.includes(pid)).length;
}

function containersBelow(pods: string): number {
  return cgroupChildren(pods).reduce((count, pod) => count + cgroupChildren(join(pods, pod)).length, 0);
}

/** Connections come and go: so many descriptors more are no leak yet. */
const descriptorsOfChance = 8;

/** What is there more than before, in sentences; empty when nothing is, or nothing can be seen. */
export function leaked(before: HostTraces, after: HostTraces): readonly string[] {
  const more = (trace: keyof HostTraces, what: string, free = 0): readonly string[] => {
    const [was, is] = [before[trace], after[trace]];
    if (was === null || is === null || is - was <= free) return [];
    return [`${String(is - was)} more ${what} than before (${String(was)}, now ${String(is)})`];
  };
  return [
    ...more('monitors', 'shims or monitors of containers'),
    ...more('processes', "other processes in the daemon's cgroup"),
    ...more('mounts', "mounts in the daemon's mount namespace"),
    ...more('networkNamespaces', 'network namespaces held by mounts'),
    ...more('cgroups', 'cgroups of containers'),
    ...more('descriptors', 'open file descriptors of the daemon', descriptorsOfChance),
  ];
}

/** Traces once nothing is leaked any more, or after the given patience: a runtime tidies up for a while after it has answered. */
export async function settledTraces(
  target: MeteredTarget,
  before: HostTraces,
  patienceMs: number,
): Promise<HostTraces> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const now = hostTraces(target);
    if (leaked(before, now).length === 0 || performance.now() > until) return now;
    await pause(100);
  }
}
