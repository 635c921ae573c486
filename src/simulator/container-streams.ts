import type { ContainerConfig } from '../cri/messages.ts';
import type { LogFile, LogStream } from './log-file.ts';
import type { OutputSinks } from './process.ts';
import type { Session } from './session.ts';
import { StandardStreams } from './standard-streams.ts';

/** The standard streams of a container's main process: its output goes to the log and to whoever is attached. */
export class ContainerStreams {
  readonly standard: StandardStreams;
  readonly log: LogFile | undefined;
  readonly #config: ContainerConfig;
  readonly #attached = new Set<OutputSinks>();

  constructor(config: ContainerConfig, log: LogFile | undefined) {
    this.#config = config;
    this.log = log;
    this.standard = new StandardStreams(config, { output: this.#sink('stdout'), error: this.#sink('stderr') });
  }

  /**
   * Gives somebody the output from now on and, with `stdin` and in a container that has one, its standard input. That
   * ends with the first who ends theirs when the container's is for once, and stays open for the next otherwise.
   */
  attach(sinks: OutputSinks, stdin: boolean, ended: Promise<number>): Session {
    const writes = stdin && this.#config.stdin;
    const endInput = (): void => {
      if (writes && this.#config.stdinOnce) this.standard.endInput();
    };
    this.#attached.add(sinks);
    return {
      ended,
      write: (bytes) => {
        if (writes) this.standard.write(bytes);
      },
      endInput,
      resize: (size) => {
        this.standard.resize(size);
      },
      leave: () => {
        this.#attached.delete(sinks);
        endInput();
      },
    };
  }

  #sink(stream: LogStream): (bytes: Uint8Array) => void {
    return (bytes) => {
      this.log?.write(stream, bytes);
      for (const sinks of this.#attached) (stream === 'stdout' ? sinks.output : sinks.error)(bytes);
    };
  }
}
