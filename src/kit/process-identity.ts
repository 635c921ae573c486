import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process on which machine, safe against reuse of process ids: the start time in clock ticks since boot goes with the id. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  readonly startTime: string;
}

/** Start time of a live process: field 22 of /proc/PID/stat (proc(5)), counted after the parenthesised name; undefined when there is none. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, startTime: startTimeOf(process.pid) ?? 'unknown' };
}

/** Whether the process still lives. One of another machine counts as alive: nobody here can tell, and what may be in use is left alone. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  const startTime = startTimeOf(identity.pid);
  if (startTime !== undefined) return startTime === identity.startTime;
  try {
    process.kill(identity.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One string for a label; `parseIdentity` reads it back. */
export function formatIdentity({ host, pid, startTime }: ProcessIdentity): string {
  return `${host}/${String(pid)}/${startTime}`;
}

export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [host, pid, startTime, ...rest] = text.split('/');
  if (!host || !pid || !startTime || rest.length > 0 || !/^\d+$/.test(pid)) return undefined;
  return { host, pid: Number(pid), startTime };
}
