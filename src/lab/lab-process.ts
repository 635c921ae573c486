import { readdirSync, readFileSync } from 'node:fs';
import type { LabPlaces } from './lab-name.ts';

/**
 * Environment variable that every process started for a lab carries (the daemon, its shims and their runc, crun and CNI
 * plug-ins inherit it, containers do not): how they are found again without trusting a process id.
 */
export const labMark = 'CRIBLE_LAB';

/** Processes that carry the lab's mark. */
export function markedProcesses({ folder }: LabPlaces): readonly number[] {
  const mark = Buffer.from(`\0${labMark}=${folder}\0`);
  return allProcesses().filter((pid) => Buffer.concat([Buffer.of(0), environmentOf(pid)]).includes(mark));
}

/** Everything that descends from the given processes, they themselves left out. */
export function descendantsOf(roots: readonly number[]): readonly number[] {
  const children = new Map<number, number[]>();
  for (const pid of allProcesses()) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = new Set<number>();
  const queue = [...roots];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      queue.push(child);
    }
  }
  return [...found].filter((pid) => !roots.includes(pid));
}

/** Sends a signal; a process that is gone already is what the sender wants. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: gone.
  }
}

/** Whether a process lives; one that is dead but not yet waited for does not. */
export function isRunning(pid: number): boolean {
  const stat = read(`/proc/${String(pid)}/stat`).toString('latin1');
  const state = stat.charAt(stat.lastIndexOf(')') + 2);
  return state !== '' && state !== 'Z' && state !== 'X';
}

export function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${String(pid)}/stat`).toString('latin1');
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return Number.isInteger(parent) ? parent : undefined;
}

function environmentOf(pid: number): Buffer {
  return read(`/proc/${String(pid)}/environ`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
