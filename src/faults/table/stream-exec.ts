import { setTimeout as pause } from 'node:timers/promises';
import { answer, forgives, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { HttpHead } from '../http-head.ts';
import { streamed, streamedData } from '../streams.ts';
import type { Frame } from '../websocket.ts';
import { closing, setHeader, isData } from './stream-frames.ts';

/** What the streams of Exec promise, beside what stream-calls.ts breaks. */
export const streamExecFaults: readonly Fault[] = [
  fault({
    name: 'exec-without-streams-succeeds',
    breaks: 'Exec without a stream, or with a terminal and stderr, is refused with InvalidArgument',
    kills: ['exec-stream/no-streams#refused', 'exec-stream/tty-with-stderr#refused'],
    how: forgives('Exec', 'InvalidArgument', { url: 'http://127.0.0.1:1/exec/none' }),
  }),
  fault({
    name: 'exec-stderr-lost',
    breaks: 'the stream of Exec carries the stderr of the command',
    kills: ['exec-stream/streams#stderr', 'exec-stream/bytes#to-command'],
    how: streamed('Exec', () => ({ fromRuntime: (frame) => (isData(frame, 2) ? [] : frame) })),
  }),
  fault({
    name: 'exec-stdin-lost',
    breaks: 'the stream of Exec carries stdin to the command',
    kills: ['exec-stream/stdin-end#stdin'],
    how: streamed('Exec', () => ({ toRuntime: (frame) => (isData(frame, 0) ? [] : frame) })),
  }),
  fault({
    name: 'exec-stdin-stays-open',
    breaks: 'the stdin of a command ends when its client ends it',
    kills: ['exec-stream/stdin-end#stdin-ended'],
    how: request('Exec', (asked) => {
      if (asked.stdin) asked.cmd = ['sh', '-c', '(cat; sleep 60) | "$@"', 'sh', ...asked.cmd];
    }),
  }),
  fault({
    name: 'exec-stdin-changed-late',
    breaks: 'the stream of Exec carries long inputs as they are',
    kills: ['exec-stream/large-input#stdin'],
    how: streamed('Exec', () => {
      let sizeBytes = 0;
      return {
        toRuntime: (frame) => {
          if (!isData(frame, 0)) return frame;
          sizeBytes += frame.payload.length;
          if (sizeBytes > 1_000_000) frame.payload.fill(0, 1, 9);
          return frame;
        },
      };
    }),
  }),
  fault({
    name: 'exec-later-output-doubled',
    breaks: 'the stream of Exec carries output once',
    kills: ['exec-stream/stdin#second'],
    how: streamed('Exec', () => {
      let count = 0;
      return { fromRuntime: (frame) => (isData(frame, 1) && count++ > 0 ? [frame, frame] : frame) };
    }),
  }),
  fault({
    name: 'exec-always-succeeds',
    breaks: 'the end of the stream tells that a command does not exist',
    kills: ['exec-stream/unknown-command#told'],
    how: streamedData('Exec', 3, () => () => Buffer.from('{"metadata":{},"status":"Success"}')),
  }),
  fault({
    name: 'exec-terminal-does-not-echo',
    breaks: 'the terminal of Exec echoes what is sent to it',
    kills: ['exec-stream/tty#echo'],
    how: request('Exec', (asked) => {
      if (asked.tty) asked.cmd = ['sh', '-c', 'stty -echo; exec "$@"', 'sh', ...asked.cmd];
    }),
  }),
  fault({
    name: 'exec-terminal-on-stderr-too',
    breaks: 'a terminal carries stdout and stderr as one',
    kills: ['exec-stream/tty#stderr'],
    how: streamed('Exec', () => ({
      fromRuntime: (frame) => (isData(frame, 1) ? [frame, onChannel(frame, 2)] : frame),
    })),
  }),
  fault({
    name: 'exec-without-terminal',
    breaks: 'Exec with tty gives the command a terminal',
    kills: ['exec-stream/tty#output'],
    reason: 'the command runs, and only what it prints shows that it has no terminal',
    how: request('Exec', (asked) => {
      asked.tty = false;
    }),
  }),
  fault({
    name: 'exec-resize-lost',
    breaks: 'the terminal of a command has the size of its client',
    kills: ['exec-stream/resize#ready'],
    reason: 'the size alone is lost, where exec-1-mute loses all that is sent',
    how: streamed('Exec', () => ({ toRuntime: (frame) => (isData(frame, 4) ? [] : frame) })),
  }),
  fault({
    name: 'exec-second-resize-lost',
    breaks: 'a command is told of every new size of its terminal',
    kills: ['exec-stream/resize#resized-again'],
    how: streamed('Exec', () => {
      let count = 0;
      return { toRuntime: (frame) => (isData(frame, 4) && count++ > 1 ? [] : frame) };
    }),
  }),
  fault({
    name: 'exec-closes-after-first-output',
    breaks: 'the stream of Exec stays open as long as the command runs',
    kills: ['exec-stream/interrupt#stdin-taken', 'exec-stream/stdin#second-taken', 'exec-stream/tty#stdin-taken'],
    how: streamed('Exec', () => ({
      fromRuntime: (frame) =>
        /^(?:got one\n|ready\r\n|[^]*err\r\n)$/.test(frame.payload.toString('latin1', 1)) ? [frame, closing] : frame,
    })),
  }),
  fault({
    name: 'exec-closes-at-long-input',
    breaks: 'the stream of Exec takes inputs of any length',
    kills: ['exec-stream/large-input#stdin-taken'],
    how: streamed('Exec', () => {
      let sizeBytes = 0;
      return { toRuntime: (frame) => ((sizeBytes += frame.payload.length) > 1_000_000 ? 'cut' : frame) };
    }),
  }),
  ...(['a', 'b', 'c'] as const).map((name, place) =>
    fault({
      name: `exec-${String(place + 1)}-closes-at-once`,
      breaks: `each stream of several Execs in a container stays open, number ${String(place + 1)} too`,
      kills: [`exec-stream/side-by-side#taken-by-${name}`],
      rpcs: ['Exec'],
      how: () => {
        const paths = new Set<string>();
        return [
          streamed('Exec', () => {
            let chosen = false;
            return {
              request: ({ line }) => {
                chosen = paths.has(line.split(' ')[1] ?? '');
              },
              fromRuntime: (frame) => (chosen ? closing : frame),
            };
          }),
          // The others are late, so that it is closed when the first byte is sent.
          answer('Exec', async ({ url }, { cmd }, { signal }) => {
            if (cmd.at(-1)?.includes(`"${name} got`)) paths.add(new URL(url).pathname);
            else await pause(500, undefined, { signal });
          }),
        ];
      },
    }),
  ),
  fault({
    name: 'exec-refuses-spdy',
    breaks: 'the streaming server switches to SPDY/3.1',
    kills: ['exec-stream/spdy-handshake#switches'],
    how: spdyAnswer((head) => {
      head.line = 'HTTP/1.1 400 Bad Request';
    }),
  }),
  fault({
    name: 'exec-upgrades-to-something-else',
    breaks: 'the answer to an upgrade to SPDY/3.1 says that it is SPDY/3.1',
    kills: ['exec-stream/spdy-handshake#upgrade'],
    how: spdyAnswer((head) => {
      setHeader(head, 'upgrade', 'SPDY/2');
    }),
  }),
  fault({
    name: 'exec-speaks-v1-over-spdy',
    breaks: 'the streaming server takes up v4.channel.k8s.io when it is asked for',
    kills: ['exec-stream/spdy-handshake#protocol'],
    how: spdyAnswer((head) => {
      setHeader(head, 'x-stream-protocol-version', 'channel.k8s.io');
    }),
  }),
];

function onChannel(frame: Frame, channel: number): Frame {
  const payload = Buffer.from(frame.payload);
  payload[0] = channel;
  return { ...frame, payload };
}

function spdyAnswer(change: (head: HttpHead) => void): ReturnType<typeof streamed> {
  return streamed('Exec', () => ({ response: change }));
}
