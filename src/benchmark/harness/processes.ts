import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadingArguments, programBeside } from '../../kit/own-program.ts';
import type { CallerName } from './caller.ts';
import type { Load, Measured } from './measure.ts';
import type { Pace, PacedRun } from './open-model.ts';
import type { RecordingCost } from './recording.ts';

/** Measures a caller in a process of its own. */
export async function measureCaller(name: CallerName, endpoint: string, load: Load): Promise<Measured> {
  const { inFlight, durationMs } = load;
  return (await tell([name, endpoint, String(inFlight), String(durationMs)])) as Measured;
}

/** Starts calls at a constant rate in a process of its own. */
export async function measurePacing(endpoint: string, { ratePerSecond, durationMs }: Pace): Promise<PacedRun> {
  return (await tell(['pace', endpoint, String(ratePerSecond), String(durationMs)])) as PacedRun;
}

export async function measureRecordingCost(): Promise<RecordingCost> {
  return (await tell(['recording'])) as RecordingCost;
}

/** What a measuring process has to tell. */
async function tell(args: readonly string[]): Promise<unknown> {
  const child = fork(programBeside(import.meta.url, 'measuring-process'), args, {
    execArgv: [...loadingArguments(), '--expose-gc'],
  });
  const exited = once(child, 'exit');
  const first: unknown = await Promise.race([once(child, 'message'), exited]);
  await exited;
  const [told] = first as readonly unknown[];
  if (typeof told !== 'object' || told === null) {
    throw new Error(`measuring ${args[0] ?? ''} ended with exit code ${String(told)}`);
  }
  return told;
}
