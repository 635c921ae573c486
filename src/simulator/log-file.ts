import { closeSync, openSync, writeSync } from 'node:fs';
import { nowNs, rfc3339Nano } from './clock.ts';

export type LogStream = 'stdout' | 'stderr';

/** The longest content of one record in bytes; longer lines are cut, as containerd and CRI-O do. */
export const maxRecordBytes = 16_384;
const newline = 10;

/**
 * A container's log in the CRI format, one record a line: `<RFC3339Nano> <stdout|stderr> <F|P> <content>`. F ends a line;
 * P is a part of one that goes on in the next record of its stream, or that never ended. The contents of P … F joined
 * are the bytes that were written.
 */
export class LogFile {
  readonly #path: string;
  readonly #pending: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #fd: number;

  /** Opens for appending; the folder is the kubelet's to make. @throws Error when it cannot be opened. */
  constructor(path: string) {
    this.#path = path;
    this.#fd = open(path);
  }

  /** Writes a record for every line that is complete, and keeps the rest until its line, a whole record or the log ends. */
  write(stream: LogStream, bytes: Uint8Array): void {
    const text = Buffer.concat([this.#pending[stream], bytes]);
    const records: Buffer[] = [];
    let at = 0;
    let end = text.indexOf(newline);
    while (end !== -1 || text.length - at > maxRecordBytes) {
      const whole = end !== -1 && end - at <= maxRecordBytes;
      const to = whole ? end : at + maxRecordBytes;
      records.push(record(stream, whole ? 'F' : 'P', text.subarray(at, to)));
      at = whole ? to + 1 : to;
      if (whole) end = text.indexOf(newline, at);
    }
    // A copy, so that the rest does not hold on to everything before it.
    this.#pending[stream] = Buffer.from(text.subarray(at));
    if (records.length > 0) writeSync(this.#fd, Buffer.concat(records));
  }

  /**
   * Goes on in a new file at the same path, after the old one was renamed. On an error the old one stays in use.
   * @throws Error when the new file cannot be opened.
   */
  reopen(): void {
    const reopened = open(this.#path);
    closeSync(this.#fd);
    this.#fd = reopened;
  }

  /** Writes what is left of unfinished lines, and closes the file. */
  close(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#pending[stream];
      if (rest.length > 0) writeSync(this.#fd, record(stream, 'P', rest));
    }
    closeSync(this.#fd);
  }
}

function open(path: string): number {
  return openSync(path, 'a', 0o640);
}

function record(stream: LogStream, tag: 'F' | 'P', content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${rfc3339Nano(nowNs())} ${stream} ${tag} `), content, Buffer.from('\n')]);
}
