import { setImmediate as turn } from 'node:timers/promises';
import type { Command, Script } from './syntax.ts';

type Run = (script: Script) => Promise<number>;

/** while and until: the status of the last round, 0 without one. */
export async function runLoop(
  { condition, body, endsOn }: Command & { kind: 'loop' },
  run: Run,
  life: AbortSignal,
): Promise<number> {
  let status = 0;
  while (((await run(condition)) === 0) === (endsOn === 'failure')) {
    status = await run(body);
    // A busy loop must not keep the server from answering, nor from killing it.
    await turn(undefined, { signal: life });
  }
  return status;
}

/** if: the status of the branch that is taken, 0 without one. */
export async function runIf({ condition, body, otherwise }: Command & { kind: 'if' }, run: Run): Promise<number> {
  const branch = (await run(condition)) === 0 ? body : otherwise;
  return branch.length === 0 ? 0 : run(branch);
}
