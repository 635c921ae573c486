import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Channels } from './channels.ts';
import { servePortForward } from './port-forward.ts';
import type { PortForward } from './port-forward.ts';
import { serveRemoteCommand } from './remote-command.ts';
import type { RemoteCommand } from './remote-command.ts';
import { Tickets } from './tickets.ts';

type Kind = 'exec' | 'attach' | 'portforward';

interface Stream {
  readonly kind: Kind;
  readonly serve: (channels: Channels) => Promise<void>;
}

/** Subprotocols of WebSocket: how streams share a connection. v5 is v4 with a way to close one stream. */
const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** What X-Stream-Protocol-Version asks for beside an upgrade to SPDY. */
const spdyProtocols: Readonly<Record<Kind, readonly string[]>> = {
  exec: channelProtocols,
  attach: channelProtocols,
  portforward: ['portforward.k8s.io'],
};

/**
 * The HTTP server that Exec, Attach and PortForward refer to, on a free port of the loopback interface. WebSocket is spoken;
 * of SPDY/3.1, which older kubelets and crictl speak, the handshake alone: the connection is closed after it.
 */
export class StreamingServer {
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;
  readonly #base: string;
  readonly #tickets = new Tickets<Stream>();

  private constructor(http: Server, base: string) {
    this.#http = http;
    this.#base = base;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: (offered) => [...offered].find((protocol) => channelProtocols.includes(protocol)) ?? false,
    });
    http.on('request', (request, response) => {
      const stream = this.#redeem(request);
      response.writeHead(stream ? 400 : 404).end(stream ? 'the stream wants an upgrade of the connection\n' : '');
    });
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.#upgrade(request, socket, head);
    });
  }

  static async start(): Promise<StreamingServer> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return new StreamingServer(http, `http://127.0.0.1:${String(port)}`);
  }

  /** The URL of a command's standard streams, good for one use. @throws StatusError ResourceExhausted. */
  offerCommand(kind: 'exec' | 'attach', command: RemoteCommand): string {
    return this.#offer({ kind, serve: (channels) => serveRemoteCommand(command, channels) });
  }

  /** The URL of a connection to ports, good for one use. @throws StatusError ResourceExhausted. */
  offerPorts(ports: PortForward): string {
    return this.#offer({ kind: 'portforward', serve: (channels) => servePortForward(ports, channels) });
  }

  close(): void {
    for (const socket of this.#webSockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #offer(stream: Stream): string {
    return `${this.#base}/${stream.kind}/${this.#tickets.issue(stream)}`;
  }

  /** A ticket is used up by whatever comes with it. */
  #redeem({ url = '' }: IncomingMessage): Stream | undefined {
    const [, kind, ticket = ''] = url.replace(/\?.*$/, '').split('/');
    const stream = this.#tickets.redeem(ticket);
    return stream?.kind === kind ? stream : undefined;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const stream = this.#redeem(request);
    if (!stream) answer(socket, '404 Not Found');
    else if (request.headers.upgrade?.toLowerCase() === 'websocket')
      this.#upgradeToWebSocket(request, socket, head, stream);
    else if (request.headers.upgrade?.toLowerCase() === 'spdy/3.1') upgradeToSpdy(request, socket, stream);
    else answer(socket, '400 Bad Request');
  }

  #upgradeToWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, stream: Stream): void {
    if (!names(request.headers['sec-websocket-protocol']).some((name) => channelProtocols.includes(name))) {
      answer(socket, '403 Forbidden');
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // What goes wrong with a connection ends with it.
      webSocket.on('error', () => {
        webSocket.terminate();
      });
      stream.serve(new Channels(webSocket)).catch(() => {
        webSocket.terminate();
      });
    });
  }
}

function upgradeToSpdy(request: IncomingMessage, socket: Duplex, { kind }: Stream): void {
  const asked = names(request.headers['x-stream-protocol-version']);
  const chosen = asked.find((name) => spdyProtocols[kind].includes(name));
  if (chosen === undefined) {
    answer(
      socket,
      '403 Forbidden',
      spdyProtocols[kind].map((name) => `X-Accepted-Stream-Protocol-Versions: ${name}`),
    );
    return;
  }
  const headers = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${chosen}`];
  socket.end(['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n'));
}

function answer(socket: Duplex, status: string, headers: readonly string[] = []): void {
  socket.end([`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Length: 0', ...headers, '', ''].join('\r\n'));
}

/** The names that one or several headers list. */
function names(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []].flat().flatMap((text) => text.split(',').map((name) => name.trim()));
}
