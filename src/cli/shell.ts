import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';

/** What a command has to do with its surroundings: where it speaks, whom it asks, when it must end. */
export interface Shell {
  /** Standard output, a line each time: what the user asked for. */
  readonly print: (text: string) => void;
  /** Standard error, a line each time: progress, problems, questions. */
  readonly note: (text: string) => void;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Whether somebody can see a question and answer it. */
  readonly interactive: boolean;
  /** Asks a yes-or-no question on the terminal; no when interrupted. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Fires with the first Ctrl-C: clean up and end. */
  readonly signal: AbortSignal;
  readonly commandLine: readonly string[];
}

/** So long may clean-up after Ctrl-C take; what it leaves is in the ledger, for `crible sweep`. */
const leaveAfterMs = 10_000;

/** @param leave ends the process at once; for a second Ctrl-C, and for a clean-up that does not end */
export function processShell(leave: (code: number) => void): Shell {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    // The reader of a pipe may leave before we do, as head(1) does; there is nobody to tell then.
    stream.on('error', () => undefined);
  }
  const note = (text: string): void => {
    stderr.write(`${text}\n`);
  };
  const signal = interruption(note, leave);
  return {
    print: (text) => {
      stdout.write(`${text}\n`);
    },
    note,
    stdout,
    stderr,
    interactive: stdin.isTTY && stderr.isTTY,
    confirm: async (question) => {
      const terminal = createInterface({ input: stdin, output: stderr });
      try {
        return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
      } catch {
        return false;
      } finally {
        terminal.close();
      }
    },
    signal,
    commandLine: ['crible', ...process.argv.slice(2)],
  };
}

/** Interrupted by the user or the system: shells report a process that a SIGINT ended so. */
const interruptedCode = 130;

function interruption(note: (text: string) => void, leave: (code: number) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        leave(interruptedCode);
        return;
      }
      note('crible: interrupted, cleaning up; once more to leave at once');
      controller.abort(new Error('interrupted'));
      setTimeout(() => {
        note('crible: clean-up takes too long, leaving; crible sweep and crible lab stop remove the rest');
        leave(interruptedCode);
      }, leaveAfterMs).unref();
    });
  }
  return controller.signal;
}
