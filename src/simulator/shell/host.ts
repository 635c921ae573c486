import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal.ts';

/** The end of a process, on its way up through the commands that were running. */
export class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${String(exitCode)}`);
    this.exitCode = exitCode;
  }
}

/** What a shell has from the process that it runs in. */
export interface ShellHost {
  readonly pid: number;
  readonly surroundings: Surroundings;
  readonly terminal: Terminal | undefined;
  /** Aborted, with an Exit as reason, when the process dies. */
  readonly life: AbortSignal;
  /** Sends a signal to a process of the container; false when there is no such process. */
  readonly kill: (pid: number, signal: number) => boolean;
  /** Called once a command, for the cost of running it. */
  readonly onCommand: () => void;
}
