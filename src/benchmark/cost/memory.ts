import { thisMachine, type Machine } from '../../kit/cgroup-usage.ts';
import { memoryOfProcess, type ProcessMemory } from '../../kit/process-memory.ts';
import { findRuntime, monitorsOf, podsCgroup, type MeteredTarget, type RuntimeProcesses } from './runtime-processes.ts';

/** Memory of some processes together: each figure added up, so that rssBytes counts shared pages once a process. */
export interface GroupMemory extends ProcessMemory {
  readonly count: number;
}

/** What a runtime's own processes hold; what runs in the containers is not in it. */
export interface RuntimeMemory {
  /** The process that answers on the socket; with cri-dockerd, dockerd and its containerd, too. */
  readonly daemon: GroupMemory;
  /** Shims and monitors of the target's containers. */
  readonly monitors: GroupMemory;
}

/**
 * Memory of a target's daemon, shims and monitors. For what a pod costs take the slope of `writtenBytes` over several numbers
 * of pods (`slopeOverPods`): the other figures fall when somebody else starts the same program.
 * @returns why it cannot be told, in words
 */
export function memoryOf(
  target: MeteredTarget,
): { readonly ok: true; readonly memory: RuntimeMemory } | { readonly ok: false; readonly problem: string } {
  const found = findRuntime(target);
  if (!found.ok) return found;
  const memory = memoryOfRuntime(found.runtime, monitorsOf(found.runtime, podsCgroup(target)));
  if (memory.daemon.count > 0) return { ok: true, memory };
  return { ok: false, problem: "the daemon's memory (/proc/PID/smaps_rollup) is not visible to this user" };
}

/** Processes that ended since they were found are left out. */
export function memoryOfRuntime(
  { daemons }: RuntimeProcesses,
  monitors: readonly number[],
  machine: Machine = thisMachine(),
): RuntimeMemory {
  const of = (pids: readonly number[]): GroupMemory =>
    together(pids.flatMap((pid) => memoryOfProcess(pid, machine.proc) ?? []));
  return { daemon: of(daemons.map(({ pid }) => pid)), monitors: of(monitors) };
}

function together(processes: readonly ProcessMemory[]): GroupMemory {
  const sum = (field: keyof ProcessMemory): number => processes.reduce((total, process) => total + process[field], 0);
  return {
    count: processes.length,
    rssBytes: sum('rssBytes'),
    pssBytes: sum('pssBytes'),
    privateBytes: sum('privateBytes'),
    pssAnonBytes: sum('pssAnonBytes'),
    writtenBytes: sum('writtenBytes'),
  };
}
