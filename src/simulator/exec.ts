import { StatusError } from '../cri/handler.ts';
import { endsWithin } from './ends-within.ts';
import type { Processes } from './process.ts';
import type { Program } from './program.ts';
import { SIGKILL } from './signal-number.ts';

export interface ExecResult {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
}

/** The proto's limit for each stream of ExecSync; the command runs on, what it prints beyond is dropped. */
export const maxOutputBytes = 16 * 1024 * 1024;

/**
 * Runs a program to its end and collects its output.
 * @throws StatusError DeadlineExceeded after `timeoutMs` (0: never), and what `signal` is aborted with; the program is
 * killed in both cases.
 */
export async function execute(
  processes: Processes,
  program: Program,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ExecResult> {
  const stdout = new CappedOutput();
  const stderr = new CappedOutput();
  const { pid, exited } = processes.start(program, {
    output: (bytes) => {
      stdout.append(bytes);
    },
    error: (bytes) => {
      stderr.append(bytes);
    },
  });
  try {
    if (!(await endsWithin(exited, timeoutMs === 0 ? Infinity : timeoutMs, signal))) {
      throw new StatusError('DeadlineExceeded', `the command did not end within ${String(timeoutMs)} ms`);
    }
  } finally {
    processes.signal(pid, SIGKILL);
  }
  return { stdout: stdout.bytes(), stderr: stderr.bytes(), exitCode: await exited };
}

/** Keeps the first 16 MiB. */
class CappedOutput {
  readonly #pieces: Uint8Array[] = [];
  #sizeBytes = 0;

  append(bytes: Uint8Array): void {
    const piece = bytes.subarray(0, maxOutputBytes - this.#sizeBytes);
    this.#sizeBytes += piece.length;
    this.#pieces.push(piece);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}
