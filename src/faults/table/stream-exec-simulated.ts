import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed, streamedData } from '../streams.ts';
import { closing, isData } from './stream-frames.ts';
import { heldOpen } from './stream-held-open.ts';

const provenOn = 'simulator';

/** What the streams of Exec promise and containerd 1.6 breaks of itself: a closed stdout, a terminal without stdin. */
export const streamExecSimulatedFaults: readonly Fault[] = [
  fault({
    name: 'exec-never-ends',
    breaks: 'the stream of Exec ends when the command does',
    kills: ['exec-stream/stdin-after-stdout#ends', 'exec-stream/tty-without-stdin#success-ends'],
    provenOn,
    how: [
      streamed('Exec', () => ({ fromRuntime: (frame) => (frame.opcode === 8 || isData(frame, 3) ? [] : frame) })),
      heldOpen('Exec'),
    ],
  }),
  fault({
    name: 'exec-status-is-failure',
    breaks: 'the stream of Exec ends with success when the command succeeded',
    kills: ['exec-stream/stdin-after-stdout#whole', 'exec-stream/tty-without-stdin#success'],
    provenOn,
    how: streamedData('Exec', 3, () => () => Buffer.from('{"status":"Failure","reason":"InternalError"}')),
  }),
  fault({
    name: 'exec-terminal-mute',
    breaks: 'a terminal carries what a command prints, also when nobody asked for its stdin',
    kills: ['exec-stream/tty-without-stdin#output'],
    provenOn,
    how: streamed('Exec', () => ({ fromRuntime: (frame) => (isData(frame, 1) ? [] : frame) })),
  }),
  fault({
    name: 'exec-stderr-ends-with-stdout',
    breaks: 'the stream of Exec carries stderr when the command has closed its stdout',
    kills: ['exec-stream/stdin-after-stdout#closed'],
    provenOn,
    how: streamed('Exec', () => ({ fromRuntime: (frame) => (isData(frame, 2) ? [] : frame) })),
  }),
  fault({
    name: 'exec-closes-with-stdout',
    breaks: 'the stream of Exec stays open when the command closes its stdout',
    kills: ['exec-stream/stdin-after-stdout#stdin-taken'],
    provenOn,
    how: streamed('Exec', () => ({
      fromRuntime: (frame) => (frame.payload.toString('latin1', 1) === 'closed\n' ? [frame, closing] : frame),
    })),
  }),
];
