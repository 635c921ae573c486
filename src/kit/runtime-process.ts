import { readlinkSync } from 'node:fs';
import { unixSocketOwner, type SocketOwner } from './socket-owner.ts';
import type { TargetContext } from './target-context.ts';

/** The process of the runtime that serves a target, where it is one of this machine; a proxy or simulator of crible's is no runtime. */
export function runtimeProcess({
  endpoint,
  behind = endpoint,
}: Pick<TargetContext, 'endpoint' | 'behind'>): SocketOwner {
  if (!behind.startsWith('unix:')) return { ok: false, problem: `${behind} is no socket of this machine` };
  const owner = unixSocketOwner(behind.replace(/^unix:(\/\/)?/, ''));
  if (owner.ok && programOf(owner.pid) === programOf(process.pid)) {
    return { ok: false, problem: `a server of crible's own listens on ${behind}` };
  }
  return owner;
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    // It belongs to another user, who runs a program of their own.
    return `the program of ${String(pid)}`;
  }
}
