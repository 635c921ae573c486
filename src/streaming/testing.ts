import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { StreamUrl } from './stream-url.ts';

/** A streaming server that does as a test says, and where it is. */
export interface TestServer {
  readonly url: StreamUrl;
  close(): void;
}

/** A client as the server has it. */
export type TestClient = WebSocket;

interface Behaviour {
  /** What a client meets whose WebSocket is open. */
  readonly stream?: (client: TestClient) => void;
  /** The protocol that is chosen of the offered ones. */
  readonly protocol?: string;
  /** Answers plain requests; without it and `stream`, nobody answers at all. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes requests for an upgrade as they are. */
  readonly upgrade?: (request: IncomingMessage, socket: Socket) => void;
}

/** On a port of its own, at the path that runtimes have for exec. */
export async function serveStreams(behaviour: Behaviour): Promise<TestServer> {
  const { stream, protocol = 'v4.channel.k8s.io', answer, upgrade } = behaviour;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => answer?.(request, response));
  server.on('connection', (socket) => sockets.add(socket));
  if (stream) new WebSocketServer({ server, handleProtocols: () => protocol }).on('connection', stream);
  else server.on('upgrade', (request, socket: Socket) => upgrade?.(request, socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: StreamUrl.read(`http://127.0.0.1:${String(port)}/exec/s3cret`, 'unix:///run/test.sock'),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A message of a channel. */
export function frame(channel: number, bytes: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(channel), typeof bytes === 'string' ? Buffer.from(bytes) : bytes]);
}
