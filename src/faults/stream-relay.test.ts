import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, test } from 'node:test';
import type { Handlers } from '../cri/handler.ts';
import { streamed, streamedData } from './streams.ts';
import type { Break } from './break.ts';
import { proxied } from './testing.ts';
import { frameBytes, FrameReader } from './websocket.ts';
import type { Frame } from './websocket.ts';

/** Upgrades to anything, and then sends back what it gets, frames as a server does (unmasked) where a WebSocket was asked for. */
const echo = createServer();
echo.on('upgrade', (request, socket: Socket) => {
  const protocol = request.headers.upgrade ?? '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nX-Path: ${request.url ?? ''}\r\n\r\n`,
  );
  const reader = new FrameReader();
  socket.on('data', (chunk) => {
    if (protocol === 'websocket') for (const frame of reader.read(chunk)) socket.write(frameBytes(frame, false));
    else socket.write(chunk);
  });
  socket.on('end', () => socket.end());
});
echo.listen(0, '127.0.0.1');
await once(echo, 'listening');
after(() => echo.close());

const path = '/exec/a%2Fb?x=%20';
const url = `http://127.0.0.1:${String((echo.address() as AddressInfo).port)}${path}`;
const runtime: Handlers['runtime'] = {
  exec: () => Promise.resolve({ url }),
  portForward: () => Promise.resolve({ url }),
};

interface Opened {
  readonly socket: Socket;
  readonly head: string;
}

async function open(breaks: readonly Break[], protocol: string): Promise<Opened> {
  const { cri } = await proxied(breaks, runtime);
  const relayed = new URL((await cri.runtime.exec({ containerId: 'a' })).url);
  assert.notEqual(relayed.port, new URL(url).port);
  const socket = connect(Number(relayed.port), relayed.hostname);
  after(() => socket.destroy());
  socket.write(
    `GET ${relayed.pathname}${relayed.search} HTTP/1.1\r\nHost: ${relayed.host}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  return { socket, head: head.toString() };
}

async function read(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let got = 0;
  while (got < length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    chunks.push(chunk);
    got += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function frame(socket: Socket): Promise<Frame | undefined> {
  const reader = new FrameReader();
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    const [first] = reader.read(chunk);
    if (first) return first;
  }
}

const message = (text: string): Frame => ({ final: true, opcode: 2, payload: Buffer.from(text, 'latin1') });

test('every byte goes through, the upgrade and the path as they are', async () => {
  const { socket, head } = await open([], 'SPDY/3.1');
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.ok(head.includes(`X-Path: ${path}`));
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
  socket.write(sent);
  const got = await read(socket, sent.length);
  const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digestOf(got), digestOf(sent));
  socket.end();
  await once(socket, 'end');
});

test('a URL of each RPC has a relay of its own, and what is no URL stays as it is', async () => {
  const { cri } = await proxied([], { ...runtime, attach: () => Promise.resolve({ url: 'nonsense' }) });
  const exec = (await cri.runtime.exec({ containerId: 'a' })).url;
  assert.equal((await cri.runtime.exec({ containerId: 'a' })).url, exec);
  assert.notEqual((await cri.runtime.portForward({ podSandboxId: 'a' })).url, exec);
  assert.equal((await cri.runtime.attach({ containerId: 'a' })).url, 'nonsense');
});

test('a handshake can be mangled', async () => {
  const mangle = streamed('Exec', () => ({
    response: (head) => {
      head.line = 'HTTP/1.1 200 OK';
      head.headers.splice(0, head.headers.length, ['X-Other', 'yes']);
    },
  }));
  const { head } = await open([mangle], 'websocket');
  assert.equal(head, 'HTTP/1.1 200 OK\r\nX-Other: yes\r\n\r\n');
});

test('the data of one channel can be changed, message by message', async () => {
  const { socket } = await open(
    [streamedData('Exec', 1, () => (data) => Buffer.from(data.toString('latin1').toUpperCase()))],
    'websocket',
  );
  for (const [sent, expected] of [
    ['\x01out', '\x01OUT'],
    ['\x02err', '\x02err'],
    [`\x01${'x'.repeat(70_000)}`, `\x01${'X'.repeat(70_000)}`],
  ] as const) {
    socket.write(frameBytes(message(sent), true));
    assert.equal((await frame(socket))?.payload.toString('latin1'), expected);
  }
});

test('frames can be lost, doubled and cut off', async () => {
  const hooks = streamed('Exec', () => ({
    toRuntime: (one) => (one.payload.toString() === 'lost' ? [] : one),
    fromRuntime: (one) => (one.payload.toString() === 'end' ? 'cut' : [one, one]),
  }));
  const { socket } = await open([hooks], 'websocket');
  socket.write(Buffer.concat([frameBytes(message('lost'), true), frameBytes(message('kept'), true)]));
  const twice = frameBytes(message('kept'), false);
  assert.deepEqual(await read(socket, 2 * twice.length), Buffer.concat([twice, twice]));
  socket.write(frameBytes(message('end'), true));
  await once(socket, 'close');
});

test('bytes that are no frames can be changed', async () => {
  const { socket } = await open(
    [streamed('Exec', () => ({ bytesFromRuntime: (chunk) => Buffer.from(chunk).fill(0x2a) }))],
    'SPDY/3.1',
  );
  socket.write('abc');
  assert.equal((await read(socket, 3)).toString(), '***');
});

test('frames are read as RFC 6455 writes them', () => {
  const reader = new FrameReader();
  const masked = Buffer.from('818537fa213d7f9f4d5158', 'hex');
  assert.deepEqual(reader.read(masked.subarray(0, 5)), []);
  assert.deepEqual(reader.read(masked.subarray(5)), [{ final: true, opcode: 1, payload: Buffer.from('Hello') }]);
  assert.deepEqual(
    frameBytes({ final: true, opcode: 1, payload: Buffer.from('Hello') }, false),
    Buffer.from('810548656c6c6f', 'hex'),
  );
  assert.equal(
    frameBytes(message('x'.repeat(256)), false)
      .subarray(0, 4)
      .toString('hex'),
    '827e0100',
  );
});
