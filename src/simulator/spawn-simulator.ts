import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { loadingArguments, programBeside } from '../kit/own-program.ts';

/** A simulator in a process of its own. */
export interface SimulatorProcess {
  /** `unix:///…`, both services. */
  readonly endpoint: string;
  readonly pid: number;
  /** Ends the process, by force if need be, and waits until it and its socket are gone. */
  stop(): Promise<void>;
}

const messageSchema = z.object({ endpoint: z.string() });
/** More than the simulator takes to close; one that hangs or is stopped is killed then. */
const graceMs = 2000;

/**
 * Starts a simulator, new and empty, in a process of its own, so that it shares no CPU time and no event loop with what
 * measures it. It ends with this process at the latest.
 * @throws Error when it ends before it serves; what it said is on standard error.
 */
export async function spawnSimulator(): Promise<SimulatorProcess> {
  const child = fork(programBeside(import.meta.url, 'main'), [], {
    execArgv: loadingArguments(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = await Promise.race([once(child, 'message'), exited]);
  if (!Array.isArray(first)) throw new Error(`the simulator ended with exit code ${String(first)} before it served`);
  const { endpoint } = messageSchema.parse(first[0]);
  return {
    endpoint,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.connected) child.disconnect();
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
      await rm(dirname(endpoint.slice('unix://'.length)), { recursive: true, force: true });
    },
  };
}
