import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../model/error.ts';
import type { Feature } from '../model/target.ts';
import { runFolder } from './home.ts';
import { HostMounts } from './host-mounts.ts';
import { runtimeProcess } from './runtime-process.ts';
import type { SocketOwner } from './socket-owner.ts';

/**
 * Whether the runtime's own process is seen from here (`runtime-process`), and whether we can mount in its mount namespace
 * (`host-mounts`).
 * @param local whether its containers' processes are seen from here: who listens may be a tunnel to another machine
 */
export async function probeRuntimeProcess(
  endpoint: string,
  runId: string,
  local: boolean,
): Promise<readonly Feature[]> {
  const owner: SocketOwner = local
    ? runtimeProcess({ endpoint })
    : { ok: false, problem: 'processes of its containers are not in /proc here' };
  const detail = owner.ok ? `process ${String(owner.pid)} listens on ${endpoint}` : owner.problem;
  return [{ name: 'runtime-process', present: owner.ok, detail }, await probeMounts(owner, runId)];
}

async function probeMounts(owner: SocketOwner, runId: string): Promise<Feature> {
  const name = 'host-mounts';
  if (!owner.ok) return { name, present: false, detail: owner.problem };
  const folder = join(runFolder(runId), 'volumes', `probe-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  const mounts = new HostMounts(owner.pid, folder);
  try {
    await mounts.tmpfs(folder);
    await mounts.undo();
    return { name, present: true, detail: `a file system was mounted where process ${String(owner.pid)} lives` };
  } catch (error) {
    return { name, present: false, detail: messageOf(error).trim().replaceAll('\n', '; ') };
  }
}
