import { readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Says a line once it is ready to end, and ends with exit code 0 as soon as TERM comes. */
export const sayReady = ['sh', '-c', "trap 'exit 0' TERM; echo ready; while :; do sleep 3600 & wait $!; done"];

/** Longer than any start takes that is worth a figure. */
const timeoutMs = 10_000;

/** In case the file system tells nothing of a change, as through a symbolic link into another folder. */
const pollMs = 20;

/** A log that is being watched for its first line: whole, whatever its format. Takes the feature host-files. */
export interface WatchedLog {
  /**
   * Ends the watch when the line has come.
   * @param started settles when the container is started; a line that has not come so long after it is given up
   */
  readonly firstLine: (started: Promise<unknown>, signal: AbortSignal) => Promise<void>;
}

/** Watches, from now on, a log file that need not be there yet; its folder must be. */
export function watchLog(path: string): WatchedLog {
  let look: () => void = () => undefined;
  const line = new Promise<void>((resolve, reject) => {
    look = () => {
      try {
        if (holdsLine(path)) resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
  });
  const watcher = watch(dirname(path), look);
  const poll = setInterval(look, pollMs);
  return {
    firstLine: async (started, signal) => {
      const over = new AbortController();
      const tooLate = async (): Promise<never> => {
        await started;
        await pause(timeoutMs, undefined, { signal: AbortSignal.any([signal, over.signal]) });
        throw new Error(`no line in ${path} after ${String(timeoutMs)} ms`);
      };
      try {
        await Promise.race([line, tooLate()]);
      } finally {
        over.abort();
        clearInterval(poll);
        watcher.close();
      }
    },
  };
}

function holdsLine(path: string): boolean {
  try {
    return readFileSync(path).includes('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
