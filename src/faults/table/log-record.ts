import type { LogRecord } from '../../kit/log-file.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { logs } from '../logs.ts';

/** What single records in the logs of containers promise. */
export const logRecordFaults: readonly Fault[] = [
  fault({
    name: 'log-empty',
    breaks: 'what a container prints is in its log',
    kills: [
      'log/file/outlives-container#output',
      'log/record/bytes#three-records',
      'log/record/format#output',
      'log/reopen/after-rename#first-file-written',
      'log/reopen/exited-container#output',
    ],
    how: logs(() => () => []),
  }),
  fault({
    name: 'log-without-last-newline',
    breaks: 'the log of a container ends with a whole record',
    kills: ['log/record/format#ends-with-newline'],
    how: logs(() => (record) => [
      record,
      ...(content(record) === ' P stdout F' ? [Buffer.from(record.timestamp)] : []),
    ]),
  }),
  fault({
    name: 'log-times-in-seconds',
    breaks: 'the time of a record is written as RFC 3339 says',
    kills: ['log/record/format#to-the-letter', 'log/record/order#times'],
    how: logs(() => (record) => ({ ...record, timestamp: `@${String(Date.parse(record.timestamp) / 1000)}` })),
  }),
  fault({
    name: 'log-time-goes-back',
    breaks: 'the times of records never go back',
    kills: ['log/record/order#times-in-order'],
    how: logs(() => (record, place) => {
      if (place % 7 !== 6) return record;
      const earlier = new Date(Date.parse(record.timestamp) - 3_600_000);
      return { ...record, timestamp: earlier.toISOString() };
    }),
  }),
  fault({
    name: 'log-stderr-is-stdout',
    breaks: 'a record of stderr is marked so',
    kills: ['log/record/streams#stderr'],
    how: logs(() => (record) => ({ ...record, stream: 'stdout' })),
  }),
  fault({
    name: 'log-lines-doubled',
    breaks: 'a line that is printed once is once in the log',
    kills: ['log/record/streams#stdout'],
    how: logs(() => (record) => (record.stream === 'stdout' ? [record, record] : record)),
  }),
  fault({
    name: 'log-has-another-stream',
    breaks: 'records are of stdout or of stderr',
    kills: ['log/record/streams#no-others'],
    how: logs(() => (record, place) => (place === 0 ? [{ ...record, stream: 'runtime' }, record] : record)),
  }),
  fault({
    name: 'log-is-text',
    breaks: 'the bytes that a container prints are in its log as they are',
    kills: ['log/record/bytes#binary'],
    how: logs(() => (record) => ({ ...record, content: Buffer.from(record.content.toString('utf8')) })),
  }),
  fault({
    name: 'log-without-escapes',
    breaks: 'escape sequences of a terminal are in the log as they are',
    kills: ['log/record/bytes#escape'],
    how: logs(() => (record) => ({
      ...record,
      content: Buffer.from(content(record).replaceAll(/\x1b\[[0-9;]*m/g, ''), 'latin1'),
    })),
  }),
];

function content(record: LogRecord): string {
  return record.content.toString('latin1');
}
