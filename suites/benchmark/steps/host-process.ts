import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { textOf } from '../../../src/kit/cgroup-usage.ts';
import { processIds } from '../../../src/kit/socket-owner.ts';

/** A word for a command line, so that no other process on this machine has the same; `sleep` takes it as seconds without end. */
export function uniqueNumber(): string {
  return String(randomInt(1_000_000_000, 2_000_000_000));
}

/** The command line of a process, word by word; empty for one that is gone, and for kernel threads. */
export function commandLineOf(pid: number): string {
  return textOf(join('/proc', String(pid), 'cmdline')) ?? '';
}

/** From the answer to StartContainer until the low-level runtime's process has become the container's. */
const becomeMs = 2_000;
const pollMs = 5;

/**
 * The process whose command line is exactly this, of a container that was started. Takes the feature host-pids.
 * @throws Error when there is none
 */
export async function pidOf(command: readonly string[], signal: AbortSignal): Promise<number> {
  const wanted = `${command.join('\0')}\0`;
  const deadline = performance.now() + becomeMs;
  for (;;) {
    const pid = processIds().find((id) => commandLineOf(id) === wanted);
    if (pid !== undefined) return pid;
    if (performance.now() > deadline) throw new Error(`no process on this machine runs ${command.join(' ')}`);
    await pause(pollMs, undefined, { signal });
  }
}
