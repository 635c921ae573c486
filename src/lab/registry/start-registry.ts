import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkAborted, LabError } from '../lab-error.ts';
import { labMark } from '../lab-process.ts';
import type { LabPlaces } from '../lab-name.ts';

const handshakeSchema = z.object({ address: z.string(), pid: z.number().int() });

/** A registry process: where it listens, and its process id. */
export type RunningRegistry = z.infer<typeof handshakeSchema>;

/** Options of Node that say how source is loaded; all others (a debugger's port, a test runner, -e) are our process's own. */
const loading = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader', '--enable-source-maps']);

/**
 * Starts a registry of fixture images in a process and session of its own, so that its work is accounted neither to crible nor to
 * the runtime that pulls from it. It ends by itself when the folder is gone.
 * @param folder where it puts its log and its address; must exist
 * @throws LabError `registry-failed` with the end of its log
 */
export async function startRegistry(
  { folder }: Pick<LabPlaces, 'folder'>,
  busyboxPath: string,
  signal?: AbortSignal,
): Promise<RunningRegistry> {
  // Beside this file lies main.ts when run from source and main.js when compiled.
  const main = fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url));
  const handshake = join(folder, 'registry.json');
  const logFile = join(folder, 'registry.log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...loadingArguments(process.execArgv), main, busyboxPath, handshake], {
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

/** Loading options with their values, whether these follow after `=` or as the next argument. */
export function loadingArguments(execArgv: readonly string[]): readonly string[] {
  return execArgv.filter((argument, place) => {
    const takesNext = loading.has(execArgv[place - 1] ?? '') && execArgv[place - 1] !== '--enable-source-maps';
    return loading.has(argument.split('=')[0] ?? '') || takesNext;
  });
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
