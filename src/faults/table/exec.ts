import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed, streamedData } from '../streams.ts';

/** What ExecSync and the streams of Exec, Attach and PortForward promise. */
export const execFaults: readonly Fault[] = [
  fault({
    name: 'exec-output-is-text',
    breaks: 'ExecSync returns the bytes of the command as they are',
    kills: ['exec-sync/bytes#stdout'],
    how: answer('ExecSync', (done) => {
      done.stdout = Buffer.from(Buffer.from(done.stdout).toString('utf8'));
    }),
  }),
  fault({
    name: 'exec-timeout-late',
    breaks: 'ExecSync gives up when its time-out is over',
    kills: ['exec-sync/timeout#in-time'],
    how: request('ExecSync', (asked) => {
      asked.timeout += 7n;
    }),
  }),
  fault({
    name: 'exec-stream-is-text',
    breaks: 'a stream of Exec carries the bytes of the command as they are',
    kills: ['exec-stream/bytes#from-command'],
    reason: 'changes a few bytes, where the other fault that this expectation notices takes all of them',
    how: streamedData('Exec', 1, () => (data) => Buffer.from(data.toString('utf8'))),
  }),
  fault({
    name: 'exec-stream-cut',
    breaks: 'a stream of Exec carries all that the command prints',
    kills: ['exec-stream/large-output#stdout'],
    reason: 'takes the end of the output, where the other fault that this expectation notices takes all of it',
    how: streamed('Exec', () => {
      let room = 100_000;
      return {
        fromRuntime: (frame) => {
          if (frame.payload[0] !== 1) return frame;
          room -= frame.payload.length;
          return room < 0 ? [] : frame;
        },
      };
    }),
  }),
  fault({
    name: 'port-forward-line-ends-changed',
    breaks: 'PortForward carries bytes as they are',
    kills: ['port-forward/bytes'],
    how: streamedData(
      'PortForward',
      0,
      () => (data) => Buffer.from(data.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    ),
  }),
];
