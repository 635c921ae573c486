import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { LogFile, maxRecordBytes } from './log-file.ts';
import type { LogStream } from './log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-log-'));
after(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
const newPath = (): string => join(folder, `${String(files++)}.log`);

interface LogRecord {
  readonly time: string;
  readonly stream: string;
  readonly tag: string;
  readonly content: Buffer;
}

/** Records as a reader of the format finds them: three fields ended by one space each, then content up to the newline. */
function records(path: string): readonly LogRecord[] {
  let rest = readFileSync(path);
  const found: LogRecord[] = [];
  while (rest.length > 0) {
    const end = rest.indexOf('\n');
    assert.notEqual(end, -1, 'the file ends with a newline');
    const line = rest.subarray(0, end);
    const [time = '', stream = '', tag = ''] = line.toString('latin1').split(' ', 3);
    found.push({ time, stream, tag, content: line.subarray(time.length + stream.length + tag.length + 3) });
    rest = rest.subarray(end + 1);
  }
  return found;
}

/** The bytes that were written to a stream: F ends a line, P does not. */
function joined(all: readonly LogRecord[], stream: LogStream): Buffer {
  const mine = all.filter((record) => record.stream === stream);
  return Buffer.concat(mine.flatMap(({ tag, content }) => (tag === 'F' ? [content, Buffer.from('\n')] : [content])));
}

test('joining the records of a stream restores its bytes, however they were written', () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.constantFrom(10, 32, 120), { maxLength: 30 }).map((bytes) => Uint8Array.from(bytes)),
    fc.integer({ min: -3, max: 3 }).map((offset) => new Uint8Array(maxRecordBytes + offset).fill(120)),
  );
  const writes = fc.array(fc.record({ stream: fc.constantFrom<LogStream>('stdout', 'stderr'), chunk }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(writes, (all) => {
      const path = newPath();
      const log = new LogFile(path);
      for (const { stream, chunk: bytes } of all) log.write(stream, bytes);
      log.close();
      const found = records(path);
      for (const { time, tag, content } of found) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
        assert.match(tag, /^[FP]$/);
        assert.ok(content.length <= maxRecordBytes);
        assert.ok(tag === 'F' || content.length > 0);
      }
      for (const stream of ['stdout', 'stderr'] as const) {
        const written = Buffer.concat(all.filter((write) => write.stream === stream).map((write) => write.chunk));
        assert.deepEqual(joined(found, stream), written);
      }
    }),
    { numRuns: 200 },
  );
});

test('a line of one record is not cut, a longer one is, and what has no newline is a part', () => {
  const path = newPath();
  const log = new LogFile(path);
  log.write('stdout', Buffer.from(`${'x'.repeat(maxRecordBytes)}\n${'y'.repeat(maxRecordBytes + 1)}\ntail`));
  log.close();
  assert.deepEqual(
    records(path).map(({ tag, content }) => [tag, content.length]),
    [
      ['F', maxRecordBytes],
      ['P', maxRecordBytes],
      ['F', 1],
      ['P', 4],
    ],
  );
});

test('after reopening, the renamed file is left alone', () => {
  const path = newPath();
  const log = new LogFile(path);
  log.write('stdout', Buffer.from('one\n'));
  renameSync(path, `${path}.1`);
  log.write('stdout', Buffer.from('two\n'));
  log.reopen();
  log.write('stdout', Buffer.from('three\n'));
  log.close();
  const lines = (file: string) => records(file).map(({ content }) => content.toString());
  assert.deepEqual([lines(`${path}.1`), lines(path)], [['one', 'two'], ['three']]);
});

test('times never go backwards and never repeat', () => {
  const path = newPath();
  const log = new LogFile(path);
  log.write('stdout', Buffer.from('x\n'.repeat(1000)));
  log.close();
  const times = records(path).map(({ time }) => time);
  assert.deepEqual(times, [...new Set(times)].sort());
});
