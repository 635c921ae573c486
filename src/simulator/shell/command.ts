import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal.ts';
import type { Input } from './input.ts';

/** The standard streams of a command. Output is given with what one write held. */
export interface CommandStreams {
  readonly input: Input;
  readonly output: (bytes: Uint8Array) => void;
  readonly error: (bytes: Uint8Array) => void;
}

export interface CommandCall {
  readonly parameters: readonly string[];
  readonly streams: CommandStreams;
  readonly surroundings: Surroundings;
  /** The terminal of its process. */
  readonly terminal: Terminal | undefined;
  /** Aborted when the process dies. */
  readonly life: AbortSignal;
  /** Runs another command, and answers its exit code. */
  readonly run: (argv: readonly string[], streams: CommandStreams) => Promise<number>;
}

/** Answers its exit code; what it throws is printed as its error message, exit code 1. */
export type ProgramCommand = (call: CommandCall) => Promise<number> | number;
export type Commands = Readonly<Record<string, ProgramCommand>>;
