import { setTimeout as pause } from 'node:timers/promises';
import { answer, forgives, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed } from '../streams.ts';
import { closing, isData, setHeader } from './stream-frames.ts';
import { heldOpen } from './stream-held-open.ts';

/** What the streams of Attach promise, beside what stream-calls.ts breaks. */
export const streamAttachFaults: readonly Fault[] = [
  fault({
    name: 'attach-without-streams-succeeds',
    breaks: 'Attach without a stream is refused with InvalidArgument',
    kills: ['attach/no-streams#refused'],
    how: forgives('Attach', 'InvalidArgument', { url: 'http://127.0.0.1:1/attach/none' }),
  }),
  ...(['stdout', 'stderr'] as const).map((name, place) =>
    fault({
      name: `attach-repeats-${name}`,
      breaks: `an Attach carries what a container prints on ${name} from then on, not what it printed before`,
      kills: [`attach/output#${name}`],
      how: streamed('Attach', () => {
        let count = 0;
        return {
          fromRuntime: (frame) => {
            if (!isData(frame, place + 1) || count++ > 0) return frame;
            return [{ ...frame, payload: Buffer.from(`${String.fromCharCode(place + 1)}before\n`) }, frame];
          },
        };
      }),
    }),
  ),
  fault({
    name: 'stdin-once-ignored',
    breaks: 'the stdin of a container with stdin_once ends with its first client',
    kills: ['attach/stdin-once#exits'],
    how: request('CreateContainer', ({ config }) => {
      if (config) config.stdinOnce = false;
    }),
  }),
  fault({
    name: 'attach-resize-lost',
    breaks: 'a container is told of the size of its terminal',
    kills: ['attach/tty#resized'],
    how: streamed('Attach', () => ({ toRuntime: (frame) => (isData(frame, 4) ? [] : frame) })),
  }),
  fault({
    name: 'attach-status-lost',
    breaks: 'the stream of an Attach ends with a status',
    kills: ['attach/exit#status'],
    how: streamed('Attach', () => ({ fromRuntime: (frame) => (isData(frame, 3) ? [] : frame) })),
  }),
  fault({
    name: 'attach-never-ends',
    breaks: 'the stream of an Attach ends when the container exits',
    kills: ['attach/exit#ends'],
    how: [
      streamed('Attach', () => ({ fromRuntime: (frame) => (frame.opcode === 8 || isData(frame, 3) ? [] : frame) })),
      heldOpen('Attach'),
    ],
  }),
  fault({
    name: 'attach-follows-the-last-client',
    breaks: 'every client that is attached gets what the container prints',
    kills: ['attach/two-clients#first-sees-both'],
    rpcs: ['Attach'],
    how: () => {
      let connections = 0;
      return streamed('Attach', () => {
        const place = connections++;
        let count = 0;
        return {
          fromRuntime: (frame) => (isData(frame, 1) && count++ > 0 && place < connections - 1 ? [] : frame),
        };
      });
    },
  }),
  ...(['first', 'second'] as const).map((name, chosen) =>
    fault({
      name: `attach-${String(chosen + 1)}-closes`,
      breaks: `the stream of each client that is attached stays open, that of the ${name} too`,
      kills: [`attach/two-clients#${name}-taken`],
      rpcs: ['Attach'],
      how: () => {
        let connections = 0;
        return [
          streamed('Attach', () => {
            const place = connections++;
            return {
              fromRuntime: (frame) => {
                if (place !== chosen) return frame;
                return chosen === 0 ? closing : isData(frame, 1) ? [frame, closing] : frame;
              },
            };
          }),
          // The second is late, so that the first is closed when a byte is sent.
          answer('Attach', (_, __, { signal }) => pause(connections * 500, undefined, { signal })),
        ];
      },
    }),
  ),
  fault({
    name: 'attach-refuses-spdy',
    breaks: 'the streaming server switches to SPDY/3.1 for an Attach',
    kills: ['attach/spdy-handshake#switches'],
    how: streamed('Attach', () => ({
      response: (head) => {
        head.line = 'HTTP/1.1 400 Bad Request';
      },
    })),
  }),
  fault({
    name: 'attach-speaks-v1-over-spdy',
    breaks: 'the streaming server takes up v4.channel.k8s.io when an Attach asks for it',
    kills: ['attach/spdy-handshake#protocol'],
    how: streamed('Attach', () => ({
      response: (head) => {
        setHeader(head, 'x-stream-protocol-version', 'channel.k8s.io');
      },
    })),
  }),
];
