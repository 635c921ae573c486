import { readFileSync } from 'node:fs';

/** One line of a container's log (KEP-1602 text; kubelet's ReadLogs): `<timestamp> <stream> <tags> <content>`. */
export interface LogRecord {
  readonly timestamp: string;
  readonly stream: string;
  /** Colon-separated in the file; the first is P for a part of a line, F for a whole one or its last part. */
  readonly tags: readonly string[];
  readonly content: Buffer;
}

/** Thrown for a line that is not of the form; the line is in the message. */
export class LogFormatError extends Error {
  constructor(line: Buffer) {
    super(`not a log record: ${JSON.stringify(line.subarray(0, 200).toString('latin1'))}`);
    this.name = 'LogFormatError';
  }
}

/**
 * Reads a log file; a last line without its newline is still being written and left out.
 * @throws LogFormatError on a line that has not three leading fields
 */
export function parseLog(bytes: Buffer): readonly LogRecord[] {
  const records: LogRecord[] = [];
  for (let start = 0, end = bytes.indexOf(newline); end !== -1; start = end + 1, end = bytes.indexOf(newline, start)) {
    records.push(parseRecord(bytes.subarray(start, end)));
  }
  return records;
}

const newline = 0x0a;
const space = 0x20;

function parseRecord(line: Buffer): LogRecord {
  const first = line.indexOf(space);
  const second = first === -1 ? -1 : line.indexOf(space, first + 1);
  if (second === -1) throw new LogFormatError(line);
  // The third field ends the line when the content is empty and the runtime drops the space before it.
  const third = line.indexOf(space, second + 1);
  const tagsEnd = third === -1 ? line.length : third;
  return {
    timestamp: line.toString('latin1', 0, first),
    stream: line.toString('latin1', first + 1, second),
    tags: line.toString('latin1', second + 1, tagsEnd).split(':'),
    content: line.subarray(Math.min(tagsEnd + 1, line.length)),
  };
}

/** The bytes that the container wrote to a stream, as the records restore them: F ends a line, P does not. */
export function joinRecords(records: readonly LogRecord[], stream: string): Buffer {
  return Buffer.concat(
    records
      .filter((record) => record.stream === stream)
      .flatMap(({ content, tags }) => (tags[0] === 'P' ? [content] : [content, Buffer.of(newline)])),
  );
}

/** A log file's records; none while the file does not exist. */
export function readLog(path: string): readonly LogRecord[] {
  try {
    return parseLog(readFileSync(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
