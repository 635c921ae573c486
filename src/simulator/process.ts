import { constants } from 'node:os';
import type { Activity } from './pod-sandboxes.ts';
import type { Program } from './program.ts';
import type { CommandStreams } from './shell/command.ts';
import { Exit } from './shell/host.ts';
import { Input } from './shell/input.ts';
import { Shell } from './shell/shell.ts';
import { SIGKILL } from './signal-number.ts';
import type { Surroundings } from './surroundings.ts';
import type { Terminal } from './terminal.ts';

/** Where the output of a process goes. Both are called with what one write of the process held. */
export interface OutputSinks {
  readonly output: (bytes: Uint8Array) => void;
  readonly error: (bytes: Uint8Array) => void;
}

/** What a process is started with. */
export interface ProcessStreams extends OutputSinks {
  /** At its end unless given, as /dev/null is. */
  readonly input?: Input;
  /** The terminal that the streams belong to. */
  readonly terminal?: Terminal | undefined;
}

/** Signals whose default action leaves a process alive, and 0, which only asks for it; stopping and continuing is not imitated. */
const harmless = new Set<number>([
  0,
  constants.signals.SIGCHLD,
  constants.signals.SIGCONT,
  constants.signals.SIGSTOP,
  constants.signals.SIGTSTP,
  constants.signals.SIGTTIN,
  constants.signals.SIGTTOU,
  constants.signals.SIGURG,
  constants.signals.SIGWINCH,
]);

/** A running program. PID 1 has the kernel's protection: signals that it has no trap for do nothing, but for KILL from outside. */
interface Process {
  readonly exited: Promise<number>;
  readonly signal: (signal: number, sender: 'inside' | 'outside') => void;
}

/** The processes of one container: its main process and what ExecSync and Exec add. */
export class Processes {
  readonly #surroundings: Surroundings;
  readonly #activity: Activity;
  readonly #running = new Map<number, Process>();
  #nextPid: number;
  #commandCount = 0;

  /**
   * `ownNamespace`: whether the container has a pid namespace of its own, in which its main process is PID 1.
   * `activity` counts with the container's own counter.
   */
  constructor(surroundings: Surroundings, ownNamespace: boolean, activity: Activity) {
    this.#surroundings = surroundings;
    this.#activity = activity;
    this.#nextPid = ownNamespace ? 1 : 2;
  }

  get count(): number {
    return this.#running.size;
  }

  /** Commands run so far, by all processes. */
  get commandCount(): number {
    return this.#commandCount;
  }

  /** Starts a program; `exited` gives its exit code, 128 plus the signal's number after a deadly signal. */
  start(
    program: Program,
    { input = Input.of(new Uint8Array()), output, error, terminal }: ProcessStreams,
  ): { readonly pid: number; readonly exited: Promise<number> } {
    const pid = this.#nextPid++;
    const life = new AbortController();
    const shell = new Shell({
      pid,
      surroundings: this.#surroundings,
      terminal,
      life: life.signal,
      kill: (other, signal) => this.signal(other, signal, 'inside'),
      onCommand: () => {
        this.#commandCount += 1;
        this.#activity.commandCount += 1;
      },
    });
    // One tick later, so that the program finds itself among the running.
    const exited = Promise.resolve()
      .then(() => this.#run(shell, program, { input, output, error }, life))
      .finally(() => this.#running.delete(pid));
    const signal = (number: number, sender: 'inside' | 'outside'): void => {
      const protectedInit = pid === 1 && (number !== SIGKILL || sender === 'inside');
      if (number !== SIGKILL && (shell.deliver(number) || harmless.has(number))) return;
      if (!protectedInit) life.abort(new Exit(128 + number));
    };
    this.#running.set(pid, { exited, signal });
    terminal?.control((number) => {
      this.signal(pid, number);
    });
    return { pid, exited };
  }

  /** Sends a signal to a process; false when there is none with that pid. */
  signal(pid: number, signal: number, sender: 'inside' | 'outside' = 'outside'): boolean {
    const process = this.#running.get(pid);
    process?.signal(signal, sender);
    return process !== undefined;
  }

  /** Kills every process, as the kernel does when PID 1 of a namespace ends, and waits until they are gone. */
  async killAll(): Promise<void> {
    // Again, should one be started while we wait for the others.
    while (this.#running.size > 0) {
      const all = [...this.#running.values()];
      for (const { signal } of all) signal(SIGKILL, 'outside');
      await Promise.all(all.map(({ exited }) => exited));
    }
  }

  async #run(shell: Shell, program: Program, streams: CommandStreams, life: AbortController): Promise<number> {
    try {
      const status = await shell.run(program, streams);
      // Jobs in the background do not outlive their shell.
      life.abort(new Exit(status));
      return status;
    } catch (error) {
      const end: unknown = life.signal.aborted ? life.signal.reason : error;
      if (!(end instanceof Exit)) throw error;
      life.abort(end);
      return end.exitCode;
    }
  }
}
