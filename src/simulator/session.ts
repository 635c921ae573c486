import type { TerminalSize } from './terminal.ts';

/** A command or a container, as somebody has it who is connected to its standard streams. */
export interface Session {
  /** Its exit code once it has ended; 0 for a container, whose own is in its status. */
  readonly ended: Promise<number>;
  /** To its standard input. */
  readonly write: (bytes: Uint8Array) => void;
  readonly endInput: () => void;
  readonly resize: (size: TerminalSize) => void;
  /** The connection is gone. */
  readonly leave: () => void;
}
