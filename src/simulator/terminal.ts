import { constants } from 'node:os';
import { Input } from './shell/input.ts';

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** What a terminal does with the bytes that pass it, by the names of stty(1). */
interface TerminalModes {
  /** What is typed shows. */
  echo: boolean;
  /** Input is handed on a line at a time, and can be corrected until then. */
  icanon: boolean;
  /** Ctrl-C is an interrupt. */
  isig: boolean;
  /** A carriage return in the input becomes a newline. */
  icrnl: boolean;
  /** A newline in the output becomes carriage return and newline. */
  opost: boolean;
}

const { SIGHUP, SIGINT, SIGWINCH } = constants.signals;
const ctrlC = 3;
const ctrlD = 4;
const newline = 10;
const carriageReturn = 13;
const erase = 127;

/**
 * A pseudo terminal between a process and who sits at it: one stream in each direction, with the line discipline that new
 * terminals have. Its size is 0 by 0 until somebody sets it.
 */
export class Terminal {
  /** What the process reads. */
  readonly input = new Input();
  readonly modes: TerminalModes = { echo: true, icanon: true, isig: true, icrnl: true, opost: true };
  readonly #display: (bytes: Uint8Array) => void;
  #size: TerminalSize = { rows: 0, columns: 0 };
  #signal: (number: number) => void = () => undefined;
  #line: number[] = [];

  /** `display` is given what shows. */
  constructor(display: (bytes: Uint8Array) => void) {
    this.#display = display;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** Makes it the controlling terminal of a process, which is sent signals from now on. */
  control(signal: (number: number) => void): void {
    this.#signal = signal;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#signal(SIGWINCH);
  }

  /** Nobody sits at it any more. */
  hangUp(): void {
    this.input.end();
    this.#signal(SIGHUP);
  }

  /** What the process writes. */
  print(bytes: Uint8Array): void {
    const plain = !this.modes.opost || !bytes.includes(newline);
    this.#display(
      plain ? bytes : Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    );
  }

  /** What is typed. */
  type(bytes: Uint8Array): void {
    const echoed: number[] = [];
    for (const typed of bytes) {
      const byte = typed === carriageReturn && this.modes.icrnl ? newline : typed;
      if (byte === ctrlC && this.modes.isig) {
        this.#line = [];
        echoed.push(...Buffer.from('^C'));
        this.#signal(SIGINT);
      } else if (byte === ctrlD && this.modes.icanon) {
        if (this.#line.length === 0) this.input.endOnce();
        else this.#handOn();
      } else if (byte === erase && this.modes.icanon) {
        if (this.#line.pop() !== undefined) echoed.push(...Buffer.from('\b \b'));
      } else {
        this.#line.push(byte);
        echoed.push(byte);
        if (byte === newline) this.#handOn();
      }
    }
    if (this.modes.echo && echoed.length > 0) this.print(Uint8Array.from(echoed));
    if (!this.modes.icanon) this.#handOn();
  }

  #handOn(): void {
    this.input.push(Uint8Array.from(this.#line));
    this.#line = [];
  }
}
