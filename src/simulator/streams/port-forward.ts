import type { Connection, PodNetwork } from '../pod-network.ts';
import type { Channels } from './channels.ts';

/** Ports of a pod that somebody wants to be connected to. */
export interface PortForward {
  readonly podSandboxId: string;
  readonly network: PodNetwork;
  readonly ports: readonly number[];
}

/**
 * Connects ports to channels: the data of the nth port, counted from 0, goes over channel 2n, what is wrong with it over
 * channel 2n+1. The first message of each is the port's number, little-endian. The connection is closed once no port has more to send.
 */
export async function servePortForward(
  { podSandboxId, network, ports }: PortForward,
  channels: Channels,
): Promise<void> {
  const gone = new AbortController();
  const connections = ports.map((port, place) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    channels.send(2 * place, number);
    channels.send(2 * place + 1, number);
    const connection = network.connect(port);
    if (!connection) {
      const problem = `error forwarding port ${String(port)} to pod ${podSandboxId}: connect: connection refused`;
      channels.send(2 * place + 1, Buffer.from(problem));
    }
    return connection;
  });
  channels.listen({
    data: (number, bytes) => connections[number / 2]?.send(bytes),
    closed: (number) => connections[number / 2]?.end(),
    gone: () => {
      for (const connection of connections) connection?.end();
      gone.abort(new Error('the connection is gone'));
    },
  });
  await Promise.all(
    connections.map(async (connection, place) => {
      if (connection) await relay(connection, channels, 2 * place, gone.signal);
    }),
  );
  channels.close();
}

async function relay(
  { incoming, end }: Connection,
  channels: Channels,
  number: number,
  gone: AbortSignal,
): Promise<void> {
  try {
    for (let piece = await incoming.next(gone); piece; piece = await incoming.next(gone)) channels.send(number, piece);
  } catch (error) {
    if (!gone.aborted) throw error;
  } finally {
    end();
  }
}
