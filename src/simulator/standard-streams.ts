import { constants } from 'node:os';
import type { OutputSinks, ProcessStreams } from './process.ts';
import type { Session } from './session.ts';
import { Exit } from './shell/host.ts';
import { Input } from './shell/input.ts';
import { Terminal } from './terminal.ts';
import type { TerminalSize } from './terminal.ts';

/** What a process has for its standard streams: pipes, or with `tty` a terminal, whose one output is `output`. */
export class StandardStreams {
  readonly forProcess: ProcessStreams;
  readonly #input: Input;
  readonly #terminal: Terminal | undefined;
  #hungUp = false;

  /** Without `stdin` a pipe is at its end from the beginning; a terminal then is one at which nobody types. */
  constructor({ stdin, tty }: { readonly stdin: boolean; readonly tty: boolean }, { output, error }: OutputSinks) {
    const terminal = tty ? new Terminal(output) : undefined;
    this.#terminal = terminal;
    this.#input = terminal?.input ?? new Input();
    if (!stdin && !tty) this.#input.end();
    const writer = (sink: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      if (terminal) terminal.print(bytes);
      else if (this.#hungUp) throw new Exit(128 + constants.signals.SIGPIPE);
      else sink(bytes);
    };
    this.forProcess = { input: this.#input, terminal, output: writer(output), error: writer(error) };
  }

  /** To what the process reads. */
  write(bytes: Uint8Array): void {
    if (this.#terminal) this.#terminal.type(bytes);
    else this.#input.push(bytes);
  }

  endInput(): void {
    this.#input.end();
  }

  /** Nothing without a terminal. */
  resize(size: TerminalSize): void {
    this.#terminal?.resize(size);
  }

  /**
   * Who was at the other end is gone. What runs on a terminal is told by SIGHUP; what has pipes finds its input at its end,
   * and ends as by SIGPIPE when it writes.
   */
  hangUp(): void {
    this.#hungUp = true;
    if (this.#terminal) this.#terminal.hangUp();
    else this.#input.end();
  }

  /** The other side of the streams of a process of its own. */
  session(stdin: boolean, ended: Promise<number>): Session {
    return {
      ended,
      write: (bytes) => {
        if (stdin) this.write(bytes);
      },
      endInput: () => {
        this.endInput();
      },
      resize: (size) => {
        this.resize(size);
      },
      leave: () => {
        this.hangUp();
      },
    };
  }
}
