import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseLog } from '../kit/log-file.ts';
import type { LogRecord } from '../kit/log-file.ts';

/** What becomes of one record: nothing, records, or bytes that are written as they are. `place` counts the records of one log. */
export type RecordChange = (record: LogRecord, place: number) => LogRecord | Buffer | readonly (LogRecord | Buffer)[];

export interface LogChange {
  readonly record: RecordChange;
  /** Whether it goes on in a new file when it is told to. */
  readonly reopens: boolean;
}

const newline = 0x0a;

/** One container's log on its way from where the runtime writes it to where the kubelet wants it. */
export class RelayedLog {
  readonly #shadow: string;
  readonly #path: string;
  readonly #change: LogChange;
  #from: number | undefined;
  #to: number | undefined;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);
  #place = 0;

  /**
   * @param shadow where the runtime writes
   * @param path where the lines are to be
   */
  constructor(shadow: string, path: string, change: LogChange) {
    this.#shadow = shadow;
    this.#path = path;
    this.#change = change;
    mkdirSync(dirname(shadow), { recursive: true });
  }

  get shadow(): string {
    return this.#shadow;
  }

  /** Passes on every line that the runtime has written to its end. */
  pump(): void {
    if (this.#from === undefined && !this.#open()) return;
    if (this.#from === undefined || this.#to === undefined) return;
    const written = fstatSync(this.#from).size - this.#offset;
    if (written <= 0) return;
    const chunk = Buffer.alloc(written);
    this.#offset += readSync(this.#from, chunk, 0, written, this.#offset);
    const text = Buffer.concat([this.#rest, chunk]);
    const end = text.lastIndexOf(newline) + 1;
    this.#rest = text.subarray(end);
    const changed = parseLog(text.subarray(0, end)).flatMap((record) => this.#change.record(record, this.#place++));
    writeSync(this.#to, Buffer.concat(changed.map(bytesOf)));
  }

  /** Not before the runtime has a file, and not when the folder of the log is already gone. */
  #open(): boolean {
    if (!existsSync(this.#shadow) || !existsSync(dirname(this.#path))) return false;
    this.#from = openSync(this.#shadow, 'r');
    this.#to ??= openSync(this.#path, 'a', 0o640);
    return true;
  }

  /** Goes on with the new file of the runtime, once that has made one. */
  reopened(): void {
    this.pump();
    if (this.#from !== undefined) closeSync(this.#from);
    this.#from = undefined;
    this.#offset = 0;
    if (!this.#change.reopens) return;
    if (this.#to !== undefined) closeSync(this.#to);
    this.#to = undefined;
    this.pump();
  }

  close(): void {
    this.pump();
    for (const fd of [this.#from, this.#to]) if (fd !== undefined) closeSync(fd);
    this.#from = this.#to = undefined;
  }
}

/** A record as it stands in the file (KEP-1602), or bytes as they are. */
function bytesOf(written: LogRecord | Buffer): Buffer {
  if (Buffer.isBuffer(written)) return written;
  const { timestamp, stream, tags, content } = written;
  return Buffer.concat([Buffer.from(`${timestamp} ${stream} ${tags.join(':')} `), content, Buffer.of(newline)]);
}

/** Where the runtime is to write in place of a directory on the host. */
export class ShadowFolder {
  readonly #root: string;

  constructor(folder: string) {
    this.#root = join(folder, 'logs');
  }

  of(path: string): string {
    return join(this.#root, path);
  }

  /** The path that a shadow stands for; any other path as it is. */
  original(path: string): string {
    return path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length) : path;
  }
}
