import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { loadingArguments, programBeside } from '../../kit/own-program.ts';
import { checkAborted, LabError } from '../lab-error.ts';
import { labMark } from '../lab-process.ts';
import type { LabPlaces } from '../lab-name.ts';

const handshakeSchema = z.object({ address: z.string(), pid: z.number().int() });

/** A registry process: where it listens, and its process id. */
export type RunningRegistry = z.infer<typeof handshakeSchema>;

/**
 * Starts a registry of fixture images in a process and session of its own, so that its work is accounted neither to crible nor to
 * the runtime that pulls from it. It ends by itself when the folder is gone.
 * @param folder where it puts its log and its address; must exist
 * @param busyboxPath undefined for images in which nothing runs
 * @throws LabError `registry-failed` with the end of its log
 */
export async function startRegistry(
  { folder }: Pick<LabPlaces, 'folder'>,
  busyboxPath: string | undefined,
  signal?: AbortSignal,
): Promise<RunningRegistry> {
  const main = programBeside(import.meta.url, 'main');
  const handshake = join(folder, 'registry.json');
  const logFile = join(folder, 'registry.log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...loadingArguments(), main, busyboxPath ?? '', handshake], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', [labMark]: folder },
  });
  closeSync(log);
  let exit: string | undefined;
  child.once('error', (error) => (exit = error.message));
  child.once('exit', (code, killer) => (exit = killer ?? `exit code ${String(code)}`));
  child.unref();
  const until = performance.now() + 20_000;
  for (;;) {
    checkAborted(signal, 'starting the registry');
    const answer = readHandshake(handshake);
    if (answer) return answer;
    if (exit !== undefined || performance.now() > until) {
      throw new LabError(
        'registry-failed',
        `the fixture image registry ${exit === undefined ? 'does not answer' : `ended at once (${exit})`}; the end of ${logFile}:\n${tail(logFile)}`,
        'the log says why',
      );
    }
    await sleep(10);
  }
}

function readHandshake(path: string): RunningRegistry | undefined {
  try {
    return handshakeSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-12).join('\n');
}
