import assert from 'node:assert/strict';
import { connect as connectSocket, createServer } from 'node:net';
import { test } from 'node:test';
import { flag, frameType, setting } from './frame.ts';
import {
  answer,
  atEnd,
  data,
  echo,
  frame,
  headers,
  http2Server,
  newPath,
  raw,
  send,
  settings,
  told,
  trailers,
  transportTo,
  word,
} from './testing.ts';

test('requests go through small windows, several at a time', async () => {
  for (const [initialWindowSize, largest] of [
    [1, 500],
    [100, 20_000],
    [20_000, 200_000],
  ] as const) {
    const path = await http2Server(echo, { initialWindowSize, maxFrameSize: 16_384 });
    const transport = transportTo(path);
    const requests = [0, 1, 50, largest].map((size) => Buffer.alloc(size, 'abc'));
    const answers = await Promise.all(requests.map((request) => send(transport, { request })));
    for (const [at, answered] of answers.entries()) {
      assert.ok(answered.outcome === 'answered' && Buffer.from(answered.response).equals(requests[at] ?? Buffer.of()));
    }
  }
});

test('larger frames are used when the server takes them, and no header table when it has none', async () => {
  for (const headerTableSize of [0, 50, 100, 65_536]) {
    const path = await http2Server(echo, { headerTableSize, maxFrameSize: 1 << 20, initialWindowSize: 1 << 22 });
    const transport = transportTo(path);
    const request = Buffer.alloc(3_000_000, 'xyz');
    for (let round = 0; round < 3; round++) {
      const answered = await send(transport, { request });
      assert.ok(answered.outcome === 'answered' && Buffer.from(answered.response).equals(request));
    }
  }
});

test('an answer that comes byte by byte is the same', async () => {
  const behind = await http2Server(echo);
  const path = newPath();
  const proxy = createServer((socket) => {
    const server = connectSocket(behind);
    for (const end of [socket, server]) end.on('error', () => undefined);
    socket.pipe(server);
    socket.on('close', () => server.destroy());
    void (async () => {
      for await (const bytes of server) {
        for (const byte of bytes as Buffer) {
          socket.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
      }
    })();
  }).listen(path);
  atEnd(() => proxy.close());
  const transport = transportTo(path);
  for (const text of ['', 'a', 'some more text']) {
    assert.equal(told(await send(transport, { request: Buffer.from(text) })), text);
  }
});

test('an answer of the largest size passes, and its windows are opened again', async () => {
  const size = 64 * 1024 * 1024;
  const opened: string[] = [];
  const transport = await raw(async (peer) => {
    peer.send(settings());
    await peer.next(frameType.windowUpdate);
    await peer.next(frameType.data);
    let sent = 0;
    const part = Buffer.alloc(16_384, 'z');
    const sendParts = (streamId: number, count: number): void => {
      for (let at = 0; at < count; at++) peer.send(data(streamId, part));
      sent += count * part.length;
    };
    peer.send(headers(1), data(1, Buffer.concat([Buffer.of(0), word(size)])));
    sendParts(1, 2100);
    const stream = await peer.next(frameType.windowUpdate);
    sendParts(1, 4096 - 2100);
    peer.send(trailers(1, '0'));
    await peer.next(frameType.rstStream);
    // Of a call that is over only the connection's window is opened.
    sendParts(3, 5000);
    const connection = await peer.next(frameType.windowUpdate);
    for (const { streamId, payload } of [stream, connection]) {
      opened.push(streamId.toString());
      assert.ok(payload.readUInt32BE() <= sent, 'no more than was sent');
    }
    await peer.next(frameType.data);
    peer.send(answer(5, 'and on'));
  });
  const answered = await send(transport, { timeoutMs: 60_000 });
  assert.ok(answered.outcome === 'answered', 'answered');
  assert.equal(answered.response.length, size);
  assert.ok(Buffer.from(answered.response).equals(Buffer.alloc(size, 'z')));
  assert.match(told(await send(transport, { timeoutMs: 20 })), /^DeadlineExceeded/);
  assert.equal(told(await send(transport, { timeoutMs: 60_000 })), 'and on');
  assert.deepEqual(opened, ['1', '0']);
});

test('windows that change in mid-request are kept to, also when they become negative', async () => {
  const parts: string[] = [];
  const transport = await raw(async (peer) => {
    const take = async (): Promise<void> => {
      const { payload, flags } = await peer.next(frameType.data);
      parts.push(`${payload.length.toString()}${flags & flag.endStream ? ' end' : ''}`);
    };
    peer.send(settings([setting.initialWindowSize, 10]));
    await take();
    peer.send(settings([setting.initialWindowSize, 4]), frame(frameType.windowUpdate, 0, 1, word(9)));
    await take();
    peer.send(settings([setting.initialWindowSize, 20]));
    await take();
    peer.send(answer(1, 'taken'));
  });
  assert.equal(told(await send(transport, { request: Buffer.alloc(20) })), 'taken');
  // 10 at once; 4 + 9 - 10 sent = 3 more; then all that is left of 25 with gRPC's prefix.
  assert.deepEqual(parts, ['10', '3', '12 end']);
});
