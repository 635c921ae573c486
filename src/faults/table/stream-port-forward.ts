import type { Break } from '../break.ts';
import { answer, codeChanged, refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed } from '../streams.ts';
import type { Frame } from '../websocket.ts';

const forwarding = ['bytes', 'loopback', 'several-ports', 'closed-port', 'large', 'host-network'] as const;

/** What PortForward and its streams promise. A port has two channels: an even one for its data, the next one for errors. */
export const portForwardFaults: readonly Fault[] = [
  fault({
    name: 'port-forward-refused',
    breaks: 'PortForward to a ready sandbox succeeds',
    kills: [...forwarding, 'spdy-handshake'].map((name) => `port-forward/${name}#port-forward`),
    how: refuses('PortForward', 'Internal'),
  }),
  fault({
    name: 'port-forward-url-leads-nowhere',
    breaks: 'somebody listens where the URL of PortForward leads',
    kills: [
      ...forwarding.map((name) => `port-forward/${name}#port-forward-stream`),
      'port-forward/spdy-handshake#answered',
    ],
    how: answer('PortForward', (answered) => {
      answered.url = answered.url.replace(/:\d+\//, ':1/');
    }),
  }),
  fault({
    name: 'port-forward-to-unknown-sandbox-is-an-unknown-error',
    breaks: 'PortForward to an unknown id is answered by NotFound',
    kills: ['port-forward/unknown-id#not-found'],
    how: codeChanged('PortForward', 'NotFound', 'Unknown'),
  }),
  fault({
    name: 'port-forward-does-not-switch',
    breaks: 'the streams of PortForward are upgraded to SPDY/3.1',
    kills: ['port-forward/spdy-handshake#switches'],
    how: streamed('PortForward', () => ({
      response: (head) => {
        head.line = 'HTTP/1.1 200 OK';
      },
    })),
  }),
  fault({
    name: 'port-forward-protocol-unnamed',
    breaks: 'the answer to an upgrade to SPDY names the protocol that was chosen',
    kills: ['port-forward/spdy-handshake#protocol'],
    how: streamed('PortForward', () => ({
      response: ({ headers }) => {
        const at = headers.findIndex(([name]) => name.toLowerCase() === 'x-stream-protocol-version');
        if (at !== -1) headers.splice(at, 1);
      },
    })),
  }),
  fault({
    name: 'port-forward-answers-lost',
    breaks: 'PortForward carries what comes from a port of the pod',
    kills: [
      'port-forward/loopback#answer',
      'port-forward/several-ports#first',
      'port-forward/closed-port#others',
      'port-forward/large#size',
      'port-forward/host-network#answer',
    ],
    how: fromPorts(() => (frame, channel) => (channel % 2 === 0 ? [] : [frame])),
  }),
  fault({
    name: 'port-forward-of-one-port',
    breaks: 'PortForward carries the data of every port that was asked for',
    kills: ['port-forward/several-ports#second'],
    how: fromPorts(() => (frame, channel, channels) => (channel === 0 && channels > 2 ? [] : [frame])),
  }),
  fault({
    name: 'port-forward-errors-lost',
    breaks: 'the error channel of a port tells that nobody listens there',
    kills: ['port-forward/closed-port#error'],
    how: fromPorts(() => (frame, channel) => (channel % 2 === 1 ? [] : [frame])),
  }),
  fault({
    name: 'port-forward-errors-among-the-data',
    breaks: 'the errors of a port do not come as data of the port',
    kills: ['port-forward/closed-port#no-data'],
    how: fromPorts(() => (frame, channel) => (channel % 2 === 1 ? [onChannel(channel - 1, frame), frame] : [frame])),
  }),
  fault({
    name: 'port-forward-errors-told-of-every-port',
    breaks: 'the error channel of a port tells nothing of other ports',
    kills: ['port-forward/closed-port#no-error'],
    how: fromPorts(() => (frame, channel, channels) => {
      if (channel % 2 === 0) return [frame];
      return Array.from({ length: channels / 2 }, (_, port) => onChannel(port * 2 + 1, frame));
    }),
  }),
  fault({
    name: 'port-forward-byte-changed',
    breaks: 'PortForward carries every byte of much data as it is',
    kills: ['port-forward/large#content'],
    how: fromPorts(() => {
      let sizeBytes = 0;
      return (frame) => {
        const earlier = sizeBytes;
        sizeBytes += frame.payload.length - 1;
        if (earlier > 2 ** 20 || sizeBytes <= 2 ** 20) return [frame];
        const payload = Buffer.from(frame.payload);
        payload[1] = (payload[1] ?? 0) ^ 1;
        return [{ ...frame, payload }];
      };
    }),
  }),
];

type Change = (frame: Frame, channel: number, channels: number) => readonly Frame[];

/** Changes what comes from ports, message by message; the first one of each channel names the port and stays as it is. */
function fromPorts(open: () => Change): Break {
  return streamed('PortForward', () => {
    const change = open();
    const named = new Set<number>();
    return {
      fromRuntime: (frame) => {
        const [channel] = frame.payload;
        if (frame.opcode > 2 || channel === undefined || frame.payload.length === 1) return frame;
        if (named.has(channel)) return change(frame, channel, named.size);
        named.add(channel);
        return frame;
      },
    };
  });
}

function onChannel(channel: number, frame: Frame): Frame {
  return { ...frame, payload: Buffer.concat([Buffer.of(channel), frame.payload.subarray(1)]) };
}
