import { join } from 'node:path';
import { cgroupOf, textOf, thisMachine, type Machine } from '../../kit/cgroup-usage.ts';
import { cpuBetween, readProcessCpu, threadsOf, type ProcessCpu } from './process-cpu.ts';

/** A reading of the CPU time of crible and of the processes that it started for itself. */
export interface CribleCpu {
  readonly self: NodeJS.CpuUsage;
  /** CPU time of children that ended, whole lives. */
  readonly reapedNs: number;
  readonly descendants: ReadonlyMap<number, ProcessCpu>;
}

/**
 * @param apart processes that are accounted elsewhere though they descend from crible: the registry, a simulator. A lab's daemon
 * descends from crible, too; it is known by its own cgroup.
 */
export function readCribleCpu(apart: ReadonlySet<number>, machine: Machine = thisMachine()): CribleCpu {
  const own = cgroupOf(process.pid, machine)?.cpu?.path;
  const descendants = new Map<number, ProcessCpu>();
  const visit = (pid: number): void => {
    for (const child of childrenOf(pid, machine.proc)) {
      if (apart.has(child) || cgroupOf(child, machine)?.cpu?.path !== own) continue;
      const cpu = readProcessCpu(child, machine.proc);
      if (cpu !== undefined) descendants.set(child, cpu);
      visit(child);
    }
  };
  visit(process.pid);
  const reapedNs = readProcessCpu(process.pid, machine.proc)?.reapedNs ?? 0;
  return { self: process.cpuUsage(), reapedNs, descendants };
}

export function cribleCpuBetween(start: CribleCpu, end: CribleCpu): number {
  const selfNs = (end.self.user + end.self.system - start.self.user - start.self.system) * 1000;
  let childrenNs = end.reapedNs - start.reapedNs;
  for (const [pid, before] of start.descendants) {
    // One that ended was counted with its whole life when it was reaped; what it used before the start is not of this round.
    if (end.descendants.get(pid)?.startTime !== before.startTime) childrenNs -= before.tickedNs + before.reapedNs;
  }
  childrenNs = Math.max(0, childrenNs);
  for (const [pid, after] of end.descendants) {
    const before = start.descendants.get(pid);
    const zero: ProcessCpu = { startTime: after.startTime, scheduledNs: 0, tickedNs: 0, reapedNs: 0 };
    const since = before?.startTime === after.startTime ? before : zero;
    childrenNs += cpuBetween(since, after) + Math.max(0, after.reapedNs - since.reapedNs);
  }
  return selfNs + childrenNs;
}

/** Each thread lists the children that it started (kernel documentation, filesystems/proc, 3.7). */
function childrenOf(pid: number, proc: string): readonly number[] {
  const folder = join(proc, String(pid));
  return threadsOf(folder).flatMap((thread) =>
    (textOf(join(folder, 'task', thread, 'children')) ?? '').split(' ').filter(Boolean).map(Number),
  );
}
