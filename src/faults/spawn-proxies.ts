import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadingArguments, programBeside } from '../kit/own-program.ts';
import { TargetError, UsageError } from '../model/error.ts';
import type { FromProxies, Refusal, ToProxies } from './protocol.ts';
import type { Proxy, ProxyRequest } from './proxy.ts';

/** A process that holds proxies. */
export interface ProxyProcess {
  readonly pid: number;
  /**
   * Puts a fault before a runtime.
   * @throws UsageError on an unknown fault or wrong arguments; TargetError when the runtime does not answer
   */
  open(request: ProxyRequest): Promise<Proxy>;
  /** Closes every proxy and ends the process, by force if need be. */
  stop(): Promise<void>;
}

/** More than proxies take to remove what was made through them; a process that hangs or is stopped is killed then. */
const graceMs = 40_000;

/** Starts a process for proxies, so that they share no event loop with what measures the runtime through them. It ends with this process at the latest. */
export async function spawnProxies(): Promise<ProxyProcess> {
  const child = fork(programBeside(import.meta.url, 'main'), [], {
    execArgv: loadingArguments(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let ids = 0;
  const folders: string[] = [];
  const waiting = new Map<number, (answer: FromProxies | undefined) => void>();
  const exited = new Promise<undefined>((resolve) =>
    child.once('exit', () => {
      resolve(undefined);
      for (const settle of waiting.values()) settle(undefined);
    }),
  );
  const ready = new Promise<true>((resolve) => {
    child.on('message', (message: FromProxies) => {
      if (message.type === 'ready') resolve(true);
      else waiting.get(message.id)?.(message);
    });
  });
  if ((await Promise.race([ready, exited])) === undefined)
    throw new Error('the process for proxies ended before it was ready');

  const ask = (message: ToProxies): Promise<FromProxies | undefined> =>
    new Promise((resolve) => {
      if (!child.connected) {
        resolve(undefined);
        return;
      }
      waiting.set(message.id, (answer) => {
        waiting.delete(message.id);
        resolve(answer);
      });
      child.send(message);
    });

  return {
    pid: child.pid ?? 0,
    open: async (request) => {
      const id = (ids += 1);
      const answer = await ask({ type: 'open', id, request });
      if (answer?.type === 'refused') throw errorOf(answer.reason);
      if (answer?.type !== 'opened') throw new Error('the process for proxies ended before the proxy was open');
      folders.push(dirname(answer.endpoint.slice('unix://'.length)));
      return {
        endpoint: answer.endpoint,
        close: async () => {
          const closed = await ask({ type: 'close', id });
          return closed?.type === 'closed'
            ? closed.problems
            : ['the process for proxies ended before the proxy was closed'];
        },
      };
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
      // Only a process that was killed leaves them.
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function errorOf({ of, message, advice }: Refusal): Error {
  switch (of) {
    case 'usage':
      return new UsageError(message, advice);
    case 'target':
      return new TargetError(message, advice);
    case 'defect':
      return new Error(message);
  }
}
