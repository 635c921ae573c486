import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAborted, LabError } from './lab-error.ts';

/**
 * Runs `work` while no other process on this machine holds the lock of that name. The lock is an abstract unix socket:
 * the kernel frees it when its holder dies, and its scope is the network namespace, which is what bridges live in.
 * @throws LabError `busy` when the lock is not free within `patienceMs`
 */
export async function withHostLock<T>(
  name: string,
  work: () => Promise<T>,
  { patienceMs = 60_000, signal }: { patienceMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const until = performance.now() + patienceMs;
  let lock = await tryLock(name);
  while (lock === undefined) {
    checkAborted(signal, `waiting for another crible (${name})`);
    if (performance.now() > until) {
      throw new LabError(
        'busy',
        `another crible has been busy with '${name}' for ${String(patienceMs / 1000)} s`,
        'wait for it or end it, then try again',
      );
    }
    await sleep(50);
    lock = await tryLock(name);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    // Such a name has 107 bytes at most.
    const address = createHash('sha256').update(name).digest('hex').slice(0, 32);
    server.listen(`\0crible/${address}`, () => {
      server.unref();
      resolve(server);
    });
  });
}
