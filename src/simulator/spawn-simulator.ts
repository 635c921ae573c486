import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A simulator in a process of its own. */
export interface SimulatorProcess {
  /** `unix:///…`, both services. */
  readonly endpoint: string;
  readonly pid: number;
  /** Ends the process, by force if need be, and waits until it and its socket are gone. */
  stop(): Promise<void>;
}

const messageSchema = z.object({ endpoint: z.string() });
/** The options of Node that say how modules are loaded. Others are this process's alone, first of all -e, which would run again. */
const loading = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C']);
/** More than the simulator takes to close; one that hangs or is stopped is killed then. */
const graceMs = 2000;

/**
 * Starts a simulator, new and empty, in a process of its own, so that it shares no CPU time and no event loop with what
 * measures it. It ends with this process at the latest.
 * @throws Error when it ends before it serves; what it said is on standard error.
 */
export async function spawnSimulator(): Promise<SimulatorProcess> {
  const here = fileURLToPath(import.meta.url);
  // Compiled beside us when we are, and run by the same loader when we are not.
  const child = fork(`${dirname(here)}/main${extname(here)}`, [], {
    execArgv: loadingArguments(process.execArgv),
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

/** Options with their values, whether these follow after `=` or as the next argument. */
function loadingArguments(execArgv: readonly string[]): string[] {
  return execArgv.filter((argument, place) => {
    const [option = ''] = argument.split('=');
    return loading.has(option) || loading.has(execArgv[place - 1] ?? '');
  });
}
