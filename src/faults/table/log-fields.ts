import type { LogRecord } from '../../kit/log-file.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { logs } from '../logs.ts';
import { made } from '../made.ts';

const textOf = ({ content }: LogRecord): string => content.toString('latin1');

/** What logs promise of their times, of terminals, and of what is printed beside something else. */
export const logFieldFaults: readonly Fault[] = [
  fault({
    name: 'log-times-of-another-zone',
    breaks: 'the time of a record is the time when it was printed',
    kills: ['log/record/order#times-of-now'],
    how: logs(() => (record) => {
      const ms = Date.parse(record.timestamp.replace(/\.\d+/, ''));
      const fraction = /\.\d+/.exec(record.timestamp)?.[0] ?? '';
      return { ...record, timestamp: `${new Date(ms + 3_600_000).toISOString().slice(0, 19)}${fraction}Z` };
    }),
  }),
  fault({
    name: 'log-times-stand-still',
    breaks: 'each record has a time of its own',
    kills: ['log/record/order#times-go-on'],
    how: logs(() => {
      let first: string | undefined;
      return (record) => {
        first ??= record.timestamp;
        return { ...record, timestamp: first };
      };
    }),
  }),
  fault({
    name: 'log-stderr-takes-the-part-of-stdout',
    breaks: 'a line of stderr is whole, whether or not one of stdout is',
    kills: ['log/record/partial-line#stderr'],
    how: logs(
      () => (record, place) => (place === 0 && record.stream === 'stderr' ? { ...record, tags: ['P'] } : record),
    ),
  }),
  fault({
    name: 'log-line-as-long-as-a-part-never-ends',
    breaks: 'a line is ended by its last part, however long that is',
    kills: ['log/record/long-line#output'],
    reason: 'lines that are just as long as the parts alone',
    how: logs(() => (record) => (record.content.length === 16_384 ? { ...record, tags: ['P'] } : record)),
  }),
  fault({
    name: 'log-stderr-is-not-reopened',
    breaks: 'both streams go to the new log file after ReopenContainerLog',
    kills: ['log/reopen/after-rename#stderr-too'],
    how: logs(() => (record, place) => (record.stream === 'stderr' && place > 2 ? [] : record)),
  }),
  fault({
    name: 'log-of-terminal-as-two-streams',
    breaks: 'what a container prints on its terminal is in its log as stdout',
    kills: ['log/record/terminal#output'],
    how: made((config) => {
      if (config.tty && !config.stdin) config.tty = false;
    }),
  }),
  fault({
    name: 'log-of-terminal-on-stderr-too',
    breaks: 'what a container prints on its terminal is in its log once',
    kills: ['log/record/terminal#no-stderr'],
    how: logs(
      () => (record) =>
        record.stream === 'stdout' && /^err\r?$/.test(textOf(record))
          ? [record, { ...record, stream: 'stderr' }]
          : record,
    ),
  }),
  fault({
    name: 'log-silent-while-attached',
    breaks: 'what a container prints is in its log while somebody is attached',
    kills: ['log/record/attached#output'],
    how: logs(() => (record) => (textOf(record) === 'got one' ? [] : record)),
  }),
  fault({
    name: 'log-has-what-is-executed',
    breaks: 'the log of a container has nothing of what commands print that are executed in it',
    kills: ['log/record/attached#no-stderr'],
    how: logs(
      () => (record) =>
        textOf(record) === 'got one'
          ? [{ ...record, stream: 'stderr', content: Buffer.from('executed') }, record]
          : record,
    ),
  }),
];
