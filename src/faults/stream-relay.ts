import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { headBytes, takeHead } from './http-head.ts';
import type { HttpHead } from './http-head.ts';
import { frameBytes, FrameReader } from './websocket.ts';
import type { Frame } from './websocket.ts';

/** The RPCs whose answer is the URL of a stream. */
export type StreamingRpc = 'Exec' | 'Attach' | 'PortForward';

/** What a fault does to one connection of a stream. What is left out is passed on as it is. */
export interface StreamHooks {
  /** Changes the head of the client's request for a stream. */
  readonly request?: (head: HttpHead) => void;
  /** Changes the head of the answer to it, Upgrade and all. */
  readonly response?: (head: HttpHead) => void;
  /** Frames of a WebSocket connection in place of one from the runtime; 'cut' breaks the connection off. */
  readonly fromRuntime?: (frame: Frame) => readonly Frame[] | Frame | 'cut';
  readonly toRuntime?: (frame: Frame) => readonly Frame[] | Frame | 'cut';
  /** Any bytes after the heads in place of those from the runtime, for streams that are no WebSockets. */
  readonly bytesFromRuntime?: (chunk: Buffer) => Buffer;
  readonly bytesToRuntime?: (chunk: Buffer) => Buffer;
}

/**
 * Carries the streams of exec, attach and port-forward: a port on the loopback address for each server that URLs lead to,
 * which passes on every byte in both directions, unless a fault has put hooks on the RPC.
 */
export class StreamRelay {
  readonly #ports = new Map<string, Promise<number>>();
  readonly #hooks = new Map<StreamingRpc, () => StreamHooks>();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** Puts hooks on every connection that is made by a URL of this RPC. */
  hook(rpc: StreamingRpc, open: () => StreamHooks): void {
    this.#hooks.set(rpc, open);
  }

  /** The URL that leads through the relay to where a URL of the runtime leads. */
  async through(rpc: StreamingRpc, url: string): Promise<string> {
    const parsed = new URL(url);
    const { hostname, protocol } = parsed;
    const port = Number(parsed.port || (protocol === 'https:' ? 443 : 80));
    const key = `${rpc} ${hostname} ${port.toString()}`;
    const listening = this.#ports.get(key) ?? this.#listen(rpc, hostname.replace(/^\[|\]$/g, ''), port);
    this.#ports.set(key, listening);
    // By hand, for the path is the runtime's own and to stay as it is, byte by byte.
    return url.replace(/^([a-z]+:\/\/)[^/?#]+/, `$1127.0.0.1:${(await listening).toString()}`);
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(rpc: StreamingRpc, host: string, port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const runtime = connect({ host, port, allowHalfOpen: true });
      this.#track(client, runtime);
      this.#track(runtime, client);
      const hooks = this.#hooks.get(rpc)?.();
      if (hooks === undefined) {
        client.pipe(runtime);
        runtime.pipe(client);
        return;
      }
      const cut = (): void => {
        client.destroy();
        runtime.destroy();
      };
      const { request, response, toRuntime, fromRuntime, bytesToRuntime, bytesFromRuntime } = hooks;
      client
        .pipe(changing({ head: request, frame: toRuntime, bytes: bytesToRuntime, masked: true, cut }))
        .pipe(runtime);
      runtime
        .pipe(changing({ head: response, frame: fromRuntime, bytes: bytesFromRuntime, masked: false, cut }))
        .pipe(client);
    });
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  #track(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // What breaks on one side breaks on the other.
    socket.on('error', () => other.destroy());
    socket.once('close', (broken) => {
      this.#sockets.delete(socket);
      if (broken) other.destroy();
    });
  }
}

interface Direction {
  readonly head: ((head: HttpHead) => void) | undefined;
  readonly frame: StreamHooks['fromRuntime'];
  readonly bytes: ((chunk: Buffer) => Buffer) | undefined;
  /** Whether frames of this direction are masked: a client's are. */
  readonly masked: boolean;
  readonly cut: () => void;
}

/** Passes one direction of a connection on: first a head, then frames or bytes. */
function changing({ head, frame, bytes, masked, cut }: Direction): Transform {
  let waiting: Buffer | undefined = Buffer.alloc(0);
  const reader = new FrameReader();
  const body = (chunk: Buffer): readonly Buffer[] => {
    if (frame === undefined) return [bytes ? bytes(chunk) : chunk];
    const out: Buffer[] = [];
    for (const one of reader.read(chunk)) {
      const changed = frame(one);
      if (changed === 'cut') {
        cut();
        return out;
      }
      for (const next of 'payload' in changed ? [changed] : changed) out.push(frameBytes(next, masked));
    }
    return out;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let rest = chunk;
      if (waiting !== undefined) {
        waiting = Buffer.concat([waiting, chunk]);
        const taken = takeHead(waiting);
        if (taken === undefined) {
          done();
          return;
        }
        waiting = undefined;
        head?.(taken.head);
        this.push(headBytes(taken.head));
        ({ rest } = taken);
      }
      if (rest.length > 0) for (const part of body(rest)) this.push(part);
      done();
    },
  });
}
