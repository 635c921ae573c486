import type { Break } from '../break.ts';
import { around } from '../break.ts';
import { after, before } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed } from '../streams.ts';
import { frameBytes, FrameReader } from '../websocket.ts';
import type { Frame } from '../websocket.ts';

/** How long the streams of PortForward last, and what they do when the sandbox does not. */
export const portForwardEndFaults: readonly Fault[] = [
  fault({
    name: 'port-forward-closed-at-once',
    breaks: 'a stream of PortForward stays open for as long as its client likes',
    kills: [
      'port-forward/bytes#port-8080-takes',
      'port-forward/loopback#port-8081-takes',
      'port-forward/several-ports#port-8080-takes',
      'port-forward/large#port-8080-takes',
      'port-forward/host-network#request-taken',
    ],
    rpcs: ['PortForward'],
    how: () => closedAfter((_, place, channels) => place === channels),
  }),
  fault({
    name: 'port-forward-closed-by-a-closed-port',
    breaks: 'a port where nobody listens leaves the stream of the others open',
    kills: ['port-forward/closed-port#port-8080-takes'],
    rpcs: ['PortForward'],
    how: () => closedAfter(({ payload }, place, channels) => place > channels && (payload[0] ?? 0) % 2 === 1),
  }),
  fault({
    name: 'port-forward-to-a-stopped-pod-sandbox',
    breaks: 'PortForward to a sandbox that is stopped fails, by the call or by the stream',
    kills: ['port-forward/stopped-sandbox#refused'],
    rpcs: ['PortForward', 'StopPodSandbox'],
    how: () => {
      const urls = new Map<string, string>();
      return [
        before('StopPodSandbox', async ({ podSandboxId }, { client, streams }) => {
          const { url } = await client.runtime.portForward({ podSandboxId, port: [8080] });
          urls.set(podSandboxId, await streams.through('PortForward', url));
        }),
        around('PortForward', (next) => async (asked, call) => {
          const url = urls.get(asked.podSandboxId);
          return url === undefined ? next(asked, call) : { url };
        }),
        streamed('PortForward', () => {
          let place = 0;
          return { fromRuntime: (frame) => (frame.payload.length > 1 && (place += 1) > 2 ? [] : frame) };
        }),
      ];
    },
  }),
];

const closing: Frame = { final: true, opcode: 8, payload: Buffer.of(0x03, 0xe8) };

/**
 * Closes a stream after a message; each channel's first names its port.
 * @param isLast tells by a message, its place from 1 on, and the number of channels
 */
function closedAfter(isLast: (frame: Frame, place: number, channels: number) => boolean): readonly Break[] {
  const channelsByPath = new Map<string, number>();
  return [
    after('PortForward', ({ port }, { url }) => {
      if (URL.canParse(url)) channelsByPath.set(new URL(url).pathname, port.length * 2);
    }),
    streamed('PortForward', () => {
      const reader = new FrameReader();
      let channels = 0;
      let place = 0;
      return {
        request: ({ line }) => {
          channels = channelsByPath.get(line.split(' ')[1] ?? '') ?? 0;
        },
        // In one piece with the last message: between the two a client could send.
        bytesFromRuntime: (chunk) =>
          Buffer.concat(
            reader.read(chunk).flatMap((frame) => {
              if (frame.payload.length > 1) place += 1;
              const bytes = frameBytes(frame, false);
              return isLast(frame, place, channels) ? [bytes, frameBytes(closing, false)] : [bytes];
            }),
          ),
      };
    }),
  ];
}
