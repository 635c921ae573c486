import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { Connection, usualOpenTimeoutMs, type ConnectionEnd, type OpenOptions } from './connection.ts';
import { writableTo } from './process-stream.ts';
import { StreamError } from './stream-error.ts';
import type { StreamUrl } from './stream-url.ts';
import type { Traffic } from './traffic.ts';

/** One port of a pod, as seen from here. */
export interface ForwardedPort {
  readonly port: number;
  /** Bytes for whoever listens there; ends with the stream only, for the protocol cannot end one direction. */
  readonly toPod: Writable;
  /** What they answer. */
  readonly fromPod: Readable;
  /** What went wrong with this port, in the runtime's words; nothing as long as all is well. */
  readonly error: Readable;
}

/** The ports of a pod. Everything readable must be read: what waits for its reader holds up everything else. */
export interface PortForward {
  readonly url: StreamUrl;
  readonly protocol: string;
  /** In the order in which they were asked for. */
  readonly ports: readonly ForwardedPort[];
  readonly ended: Promise<ConnectionEnd>;
  readonly traffic: Traffic;
  close(): void;
}

/**
 * Opens the stream of a port-forward: two channels a port, the first bytes of each naming the port, least significant byte
 * first (k8s.io/kubelet, portforward over WebSocket).
 * @param ports as PortForwardRequest.port has them; the order gives the channel numbers
 * @throws StreamError, also when a channel names another port
 */
export async function openPortForward(
  url: StreamUrl,
  ports: readonly number[],
  options: OpenOptions = {},
): Promise<PortForward> {
  const names = Object.fromEntries(
    ports.flatMap((port, index) => [
      [dataChannel(index), `port ${String(port)}`],
      [dataChannel(index) + 1, `error of port ${String(port)}`],
    ]),
  );
  const inbound = ports.flatMap((_, index) => [dataChannel(index), dataChannel(index) + 1]);
  const connection = await Connection.open(url, { names, inbound }, { protocols: ['v4.channel.k8s.io'], ...options });
  const forwarded = ports.map((port, index) => ({
    port,
    toPod: writableTo(connection, dataChannel(index), false),
    fromPod: connection.readable(dataChannel(index)),
    error: connection.readable(dataChannel(index) + 1),
  }));
  const late = setTimeout(() => {
    connection.fail(new StreamError('deadline', 'not every channel named its port in time', url));
  }, options.openTimeoutMs ?? usualOpenTimeoutMs);
  try {
    for (const { port, fromPod, error } of forwarded) {
      await expectPort(connection, fromPod, port, 'data');
      await expectPort(connection, error, port, 'error');
    }
  } finally {
    clearTimeout(late);
  }
  return {
    url,
    protocol: connection.protocol,
    ports: forwarded,
    ended: connection.ended,
    traffic: connection.traffic,
    close: () => {
      connection.close();
    },
  };
}

function dataChannel(index: number): number {
  return index * 2;
}

async function expectPort(connection: Connection, channel: Readable, port: number, name: string): Promise<void> {
  const named = await readPort(channel);
  if (named === port) return;
  const found =
    named === undefined
      ? `the ${name} channel of port ${String(port)} ended before it named its port`
      : `the ${name} channel of port ${String(port)} says that it is port ${String(named)}`;
  const error = new StreamError('protocol', found, connection.url);
  connection.fail(error);
  const end = await connection.ended;
  throw end.kind === 'lost' ? end.error : error;
}

/** The first two bytes; undefined when the channel ends before. */
async function readPort(channel: Readable): Promise<number | undefined> {
  for (;;) {
    const bytes: unknown = channel.read(2);
    if (Buffer.isBuffer(bytes)) return bytes.length === 2 ? bytes.readUInt16LE() : undefined;
    if (channel.readableEnded || channel.destroyed) return undefined;
    await Promise.race([once(channel, 'readable'), once(channel, 'end')]);
  }
}
