import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp2 } from 'node:http2';
import type { ServerHttp2Stream, Settings } from 'node:http2';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { parseEndpoint } from '../endpoint.ts';
import type { UnaryAnswer, UnaryTransport } from '../unary.ts';
import { flag, frameHeaderBytes, frameType, writeFrameHeader } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { openFrames } from './transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-frames-'));
const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
  rmSync(folder, { recursive: true });
});

/** Runs at the end of the test file. */
export function atEnd(close: () => void): void {
  closers.push(close);
}

let paths = 0;
export function newPath(): string {
  paths += 1;
  return join(folder, `${paths.toString()}.sock`);
}

export function transportTo(path: string): UnaryTransport {
  const transport = openFrames(parseEndpoint(path));
  atEnd(() => {
    transport.close();
  });
  return transport;
}

/** Where a server made of Node's own HTTP/2, which keeps to its settings, listens. */
export async function http2Server(
  serve: (stream: ServerHttp2Stream) => void,
  settings: Settings = {},
): Promise<string> {
  const path = newPath();
  const server = createHttp2({ settings });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    serve(stream);
  });
  server.on('session', (session) => {
    atEnd(() => {
      session.destroy();
    });
  });
  server.listen(path);
  await once(server, 'listening');
  atEnd(() => server.close());
  return path;
}

/** Answers with the request itself. */
export function echo(stream: ServerHttp2Stream): void {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' });
    });
    stream.end(Buffer.concat(parts));
  });
}

/** One frame as it was received. */
export interface Seen {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A server's end of a connection that says whatever a test wants. */
export interface RawPeer {
  readonly socket: Socket;
  /** Everything that came in, in its order. */
  readonly seen: readonly Seen[];
  /** The next frame of a type that has not been waited for. */
  next(type: number): Promise<Seen>;
  send(...frames: readonly Buffer[]): void;
}

const clientPreface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** A client of a server that says what a test wants: `serve` is given every connection behind the client's preface. */
export async function raw(serve: (peer: RawPeer) => Promise<void> | void): Promise<UnaryTransport> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const seen: Seen[] = [];
    const taken = new Set<Seen>();
    let wake = (): void => undefined;
    let prefaceLeft = clientPreface.length;
    const reader = new FrameReader((type, flags, streamId, bytes, from, to) => {
      seen.push({ type, flags, streamId, payload: Buffer.from(bytes.subarray(from, to)) });
      wake();
    });
    socket.on('data', (bytes: Buffer) => {
      const skipped = Math.min(prefaceLeft, bytes.length);
      prefaceLeft -= skipped;
      const rest = bytes.subarray(skipped);
      reader.read(rest, rest.length);
    });
    const next = async (type: number): Promise<Seen> => {
      for (;;) {
        const found = seen.find((frame) => frame.type === type && !taken.has(frame));
        if (found !== undefined) {
          taken.add(found);
          return found;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    void serve({ socket, seen, next, send: (...frames) => socket.write(Buffer.concat(frames)) });
  });
  const path = newPath();
  server.listen(path);
  await once(server, 'listening');
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return transportTo(path);
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(frameHeaderBytes + payload.length);
  writeFrameHeader(bytes, 0, payload.length, type, flags, streamId);
  bytes.set(payload, frameHeaderBytes);
  return bytes;
}

export const settings = (...pairs: readonly (readonly [id: number, value: number])[]): Buffer =>
  frame(
    frameType.settings,
    0,
    0,
    Buffer.concat(pairs.map(([id, value]) => Buffer.from([id >> 8, id, ...word(value)]))),
  );

export const word = (value: number): Buffer => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);

/** Fields spelled out, which need no table; all shorter than 127 bytes. */
export const block = (...fields: readonly (readonly [name: string, value: string])[]): Buffer =>
  Buffer.concat(
    fields.map(([name, value]) =>
      Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]),
    ),
  );

const okHeaders = block([':status', '200'], ['content-type', 'application/grpc']);

export const headers = (streamId: number, payload = okHeaders, flags = 0): Buffer =>
  frame(frameType.headers, flags | flag.endHeaders, streamId, payload);

export const trailers = (streamId: number, status: string, message = ''): Buffer =>
  headers(streamId, block(['grpc-status', status], ['grpc-message', message]), flag.endStream);

/** An answer that is nothing but its status. */
export const trailersOnly = (streamId: number, status: string, message = ''): Buffer =>
  headers(streamId, block([':status', '200'], ['grpc-status', status], ['grpc-message', message]), flag.endStream);

export const message = (text: string): Buffer => Buffer.concat([Buffer.of(0), word(text.length), Buffer.from(text)]);

export const data = (streamId: number, payload: Buffer, flags = 0): Buffer =>
  frame(frameType.data, flags, streamId, payload);

/** A whole good answer. */
export const answer = (streamId: number, text: string): Buffer =>
  Buffer.concat([headers(streamId), data(streamId, message(text)), trailers(streamId, '0')]);

interface SendOptions {
  readonly request?: Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export function send(transport: UnaryTransport, options: SendOptions = {}): Promise<UnaryAnswer> {
  const { request = Buffer.from('question'), timeoutMs = 10_000, signal } = options;
  return transport.send({ path: '/a.Service/Call', request, timeoutMs, signal });
}

/** The answer's text, or its error as `Code: details`. */
export function told(answered: UnaryAnswer): string {
  return answered.outcome === 'answered'
    ? Buffer.from(answered.response).toString()
    : `${answered.code}: ${answered.details}`;
}
