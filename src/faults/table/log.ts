import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { logs, neverReopensLogs } from '../logs.ts';

/** What stands in the logs of containers. */
export const logFaults: readonly Fault[] = [
  fault({
    name: 'log-parts-are-whole-lines',
    breaks: 'a part of a line is marked P in the log',
    kills: ['log/record/partial-line#output', 'log/record/long-line#output'],
    how: logs(() => (record) => ({ ...record, tags: ['F'] })),
  }),
  fault({
    name: 'log-lines-lost',
    breaks: 'every line that is printed is in the log',
    kills: ['log/record/order#first-half', 'log/reopen/after-rename#no-line-lost'],
    // Two in a row: of two streams that are written in turns both lose something.
    how: logs(() => (record, place) => (place % 7 === 1 || place % 7 === 2 ? [] : record)),
  }),
  fault({
    name: 'log-not-reopened',
    breaks: 'a log goes on in a new file after ReopenContainerLog',
    kills: ['log/reopen/after-rename#new-file-at-once'],
    reason: 'it never happens, where log-reopened-late does it after the answer',
    how: neverReopensLogs(),
  }),
];
