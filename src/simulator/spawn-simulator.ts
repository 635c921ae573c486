import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkDelays } from './delay/delays.ts';
import { loadingArguments, programBeside } from '../kit/own-program.ts';
import { reportSchema } from './parent-channel.ts';
import type { SimulatorOptions } from './simulator.ts';

/** A simulator in a process of its own. */
export interface SimulatorProcess {
  /** `unix:///…`, both services. */
  readonly endpoint: string;
  readonly pid: number;
  /** As Simulator's. @throws Error when the process ends before it answers. */
  delaysGiven(rpc: string): Promise<readonly number[]>;
  /** Ends the process, by force if need be, and waits until it and its socket are gone. */
  stop(): Promise<void>;
}

/** More than the simulator takes to close; one that hangs or is stopped is killed then. */
const graceMs = 2000;

/**
 * Starts a simulator, new and empty, in a process of its own, so that it shares no CPU time and no event loop with what
 * measures it. It ends with this process at the latest.
 * @throws UsageError on a delay of no unary RPC, Error when it ends before it serves; what it said is on standard error.
 */
export async function spawnSimulator(
  options: Pick<SimulatorOptions, 'delays' | 'seed'> = {},
): Promise<SimulatorProcess> {
  checkDelays(options.delays ?? []);
  const child = fork(programBeside(import.meta.url, 'main'), [JSON.stringify(options)], {
    execArgv: loadingArguments(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = await Promise.race([once(child, 'message'), exited]);
  if (!Array.isArray(first)) throw new Error(`the simulator ended with exit code ${String(first)} before it served`);
  const report = reportSchema.parse(first[0]);
  if (!('endpoint' in report)) throw new Error('the simulator said something else than where it serves');
  const { endpoint } = report;
  const questions = new Map<number, (delaysNs: readonly number[]) => void>();
  let lastQuestion = 0;
  child.on('message', (message) => {
    const answer = reportSchema.parse(message);
    if ('id' in answer) questions.get(answer.id)?.(answer.delaysNs);
  });
  return {
    endpoint,
    pid: child.pid ?? 0,
    delaysGiven: async (rpc) => {
      const id = ++lastQuestion;
      const answered = new Promise<readonly number[]>((resolve) => questions.set(id, resolve));
      child.send({ id, delaysOf: rpc });
      const answer = await Promise.race([answered, exited]);
      questions.delete(id);
      if (answer === null || typeof answer === 'number')
        throw new Error('the simulator ended before it told its delays');
      return answer;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
      await rm(dirname(endpoint.slice('unix://'.length)), { recursive: true, force: true });
    },
  };
}
