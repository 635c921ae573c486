import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../kit/cgroup-usage.ts';

/** A process's CPU time by two clocks: one that is exact but forgets threads that ended, one that forgets nothing and is coarse. */
export interface ProcessCpu {
  /** With the process id, this makes a process unmistakable. */
  readonly startTime: string;
  /** Of the threads that live, from /proc/PID/task/TID/schedstat; undefined where the kernel does not keep it. */
  readonly scheduledNs: number | undefined;
  /** Of all threads that there were, in steps of a clock tick. */
  readonly tickedNs: number;
  /** Of children that ended and were waited for, and of those that they waited for. */
  readonly reapedNs: number;
}

/** USER_HZ is 100 on every architecture that a container runtime is built for. */
export const tickNs = 10_000_000;

/** @returns undefined when the process is gone */
export function readProcessCpu(pid: number, proc = '/proc'): ProcessCpu | undefined {
  const folder = join(proc, String(pid));
  const stat = textOf(join(folder, 'stat'));
  if (stat === undefined) return undefined;
  // proc(5) counts fields from 1 and the name in parentheses, which may hold blanks, is the second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    startTime: fields[22 - 3] ?? '',
    scheduledNs: scheduledNs(folder),
    tickedNs: (field(14) + field(15)) * tickNs,
    reapedNs: (field(16) + field(17)) * tickNs,
  };
}

function scheduledNs(folder: string): number | undefined {
  let sum = 0;
  for (const thread of threadsOf(folder)) {
    const text = textOf(join(folder, 'task', thread, 'schedstat'));
    if (text !== undefined) sum += Number(text.split(' ')[0]);
  }
  return sum === 0 ? undefined : sum;
}

export function threadsOf(folder: string): readonly string[] {
  try {
    return readdirSync(join(folder, 'task'));
  } catch {
    return [];
  }
}

/** CPU time between two readings of one process: by the exact clock, unless threads with more than a tick of work have ended. */
export function cpuBetween(start: ProcessCpu, end: ProcessCpu): number {
  const tickedNs = end.tickedNs - start.tickedNs;
  if (start.scheduledNs === undefined || end.scheduledNs === undefined) return Math.max(0, tickedNs);
  return Math.max(0, end.scheduledNs - start.scheduledNs, tickedNs - tickNs);
}
