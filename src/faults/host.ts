import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FaultContext } from './context.ts';

const run = promisify(execFile);

/** Leaves a mount on the host, at a folder that is made for it unless it is there. */
export async function leakMount({ afterwards }: FaultContext, path: string): Promise<void> {
  mkdirSync(path, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'crible-fault', path]);
  afterwards(async () => {
    await run('umount', ['-l', path]);
  });
}

/** Leaves a named network namespace on the host. */
export async function leakNetworkNamespace({ afterwards }: FaultContext): Promise<void> {
  const name = `crible-fault-${randomUUID().slice(0, 8)}`;
  await run('ip', ['netns', 'add', name]);
  afterwards(async () => {
    await run('ip', ['netns', 'delete', name]);
  });
}

/** Leaves an empty cgroup on the host. @param path its folder in the cgroup file system */
export function leakCgroup({ afterwards }: FaultContext, path: string): void {
  mkdirSync(path, { recursive: true });
  afterwards(() => {
    rmdirSync(path);
  });
}
