import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Exchange } from './exchange.ts';
import { flag, frameType, largest31Bit, ProtocolError, setting } from './frame.ts';
import { Outbox } from './outbox.ts';
import { Receiver } from './receiver.ts';
import { Streams } from './streams.ts';
import { answer, block, data, frame, headers, message, raw, send, settings, told, trailers, word } from './testing.ts';

test('a server that breaks HTTP/2 is told so and left; its call fails, and the next one finds a new connection', async () => {
  const window = (streamId: number, by: number): Buffer => frame(frameType.windowUpdate, 0, streamId, word(by));
  const breaches: readonly (readonly [frames: readonly Buffer[], code: number, why: RegExp])[] = [
    [[Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], 6, /a frame of \d+ bytes/],
    [[frame(frameType.ping, 0, 0, Buffer.alloc(8))], 1, /first frame is not SETTINGS/],
    [[settings(), frame(frameType.settings, 0, 0, Buffer.alloc(5))], 6, /SETTINGS of a wrong length/],
    [[settings(), frame(frameType.settings, flag.ack, 0, Buffer.alloc(6))], 6, /acknowledgement/],
    [[settings(), frame(frameType.settings, 0, 1)], 1, /SETTINGS on a stream/],
    [[settings([setting.initialWindowSize, 0x8000_0000])], 3, /window beyond/],
    [[settings([setting.maxFrameSize, 100])], 1, /MAX_FRAME_SIZE/],
    [[settings(), frame(frameType.ping, 0, 0, Buffer.alloc(7))], 6, /PING of a wrong length/],
    [[settings(), frame(frameType.ping, 0, 1, Buffer.alloc(8))], 1, /PING on a stream/],
    [[settings(), frame(frameType.pushPromise, 0, 1, Buffer.alloc(8))], 1, /a push/],
    [[settings(), frame(frameType.goAway, 0, 0, Buffer.alloc(4))], 1, /GOAWAY/],
    [[settings(), window(0, 0)], 1, /opened by nothing/],
    [[settings(), window(0, 0x7fff_ffff)], 3, /window beyond/],
    [[settings(), headers(2)], 1, /not open/],
    [[settings(), data(99, Buffer.alloc(1))], 1, /not open/],
    [[settings(), frame(frameType.rstStream, 0, 0, word(0))], 1, /not open/],
    [[settings(), headers(1, Buffer.of(0xff, 0xff))], 9, /header compression/],
    [[settings(), frame(frameType.headers, flag.priority | flag.endHeaders, 1, Buffer.alloc(3))], 6, /shorter/],
    [[settings(), frame(frameType.headers, 0, 1), headers(1)], 1, /not continued/],
    [[settings(), frame(frameType.headers, 0, 1), frame(frameType.continuation, 0, 3)], 1, /not continued/],
    [[settings(), frame(frameType.continuation, 0, 1)], 1, /continuation of nothing/],
    [
      [settings(), frame(frameType.headers, 0, 1), ...Array.from({ length: 17_000 }, () => frame(9, 0, 1))],
      11,
      /1 MiB/,
    ],
    [[settings(), headers(1), frame(frameType.data, flag.padded, 1, Buffer.of(2, 0))], 1, /padding/],
    [[settings(), headers(1), frame(frameType.data, flag.padded, 1)], 1, /padding/],
  ];
  for (const [frames, code, why] of breaches) {
    let connections = 0;
    let reason: number | undefined;
    const transport = await raw(async (peer) => {
      connections += 1;
      if (connections > 1) {
        peer.send(settings());
        await peer.next(frameType.data);
        peer.send(answer(1, 'next'));
        return;
      }
      // A call is under way, unless what the server begins with is the breach.
      const [first] = frames;
      if (first?.[3] === frameType.settings) {
        peer.send(first);
        if (frames.length > 1) await peer.next(frameType.data);
        peer.send(...frames.slice(1));
      } else {
        peer.send(...frames);
      }
      reason = (await peer.next(frameType.goAway)).payload.readUInt32BE(4);
    });
    const call = told(await send(transport));
    assert.match(call, /^Internal: The server broke HTTP\/2: /);
    assert.match(call, why);
    assert.equal(told(await send(transport)), 'next');
    assert.equal(connections, 2);
    assert.equal(reason, code, call);
    transport.close();
  }
});

test('a server that asks for answers without reading them is left', async () => {
  const transport = await raw((peer) => {
    peer.send(settings());
    peer.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 30_000 }, () => frame(frameType.ping, 0, 0, Buffer.alloc(8))));
    for (let round = 0; round < 20; round++) peer.socket.write(pings);
  });
  assert.match(told(await send(transport)), /Internal: .*does not read them/);
});

/** Frames as a server might mean them, and as it might not. */
const anyFrames = fc.array(
  fc.oneof(
    fc.constantFrom(
      settings(),
      settings([setting.initialWindowSize, 3], [setting.maxConcurrentStreams, 1]),
      headers(1),
      headers(3),
      data(1, message('answer')),
      data(3, message('answer').subarray(0, 4)),
      trailers(1, '0'),
      trailers(3, '5', 'not%20found'),
      answer(1, 'whole'),
      frame(frameType.headers, 0, 1, block([':status', '200'])),
      frame(frameType.continuation, flag.endHeaders, 1),
      frame(frameType.windowUpdate, 0, 3, word(2)),
      frame(frameType.rstStream, 0, 3, word(8)),
      frame(frameType.goAway, 0, 0, Buffer.concat([word(1), word(0)])),
      frame(frameType.ping, 0, 0, Buffer.alloc(8)),
    ),
    fc
      .tuple(fc.nat(10), fc.nat(255), fc.nat(5), fc.uint8Array({ maxLength: 30 }))
      .map(([type, flags, streamId, payload]) => frame(type, flags, streamId, payload)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 12 },
);

test('no frames make the receiver fail otherwise than by a protocol error', () => {
  fc.assert(
    fc.property(fc.boolean(), anyFrames, (settled, frames) => {
      const outbox = new Outbox();
      const streams = new Streams(outbox);
      const ends: string[] = [];
      for (const request of [Buffer.from('short'), Buffer.alloc(70_000)]) {
        const call = { path: '/a', request, timeoutMs: 1000, signal: undefined };
        streams.submit(new Exchange(call, Infinity, ({ outcome }) => ends.push(outcome)));
      }
      const receiver = new Receiver(streams, outbox, () => streams.takeWaiting());
      try {
        for (const bytes of settled ? [settings(), ...frames] : frames) receiver.read(bytes, bytes.length, 1n);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
      assert.ok(ends.length <= 2);
      assert.ok(outbox.length < 200_000);
    }),
    { numRuns: 3000 },
  );
});

test('whatever a server says, a call ends', async () => {
  await fc.assert(
    fc.asyncProperty(anyFrames, async (frames) => {
      const transport = await raw((peer) => {
        peer.send(settings(), ...frames);
        peer.socket.end();
      });
      const ended = await send(transport, { timeoutMs: 5000 });
      assert.doesNotMatch(told(ended), /DeadlineExceeded|undefined/);
      transport.close();
    }),
    { numRuns: 150 },
  );
});

test('a connection whose stream numbers are used up starts no more calls', () => {
  const outbox = new Outbox();
  const streams = new Streams(outbox, largest31Bit - 2);
  streams.apply([]);
  const started: Exchange[] = [];
  for (let count = 0; count < 3; count++) {
    const call = { path: '/a', request: Buffer.of(), timeoutMs: 1000, signal: undefined };
    const exchange = new Exchange(call, Infinity, () => undefined);
    streams.submit(exchange);
    started.push(exchange);
  }
  assert.deepEqual(
    started.map(({ streamId }) => streamId),
    [largest31Bit - 2, largest31Bit, 0],
  );
  assert.ok(streams.exhausted);
  assert.deepEqual(streams.takeWaiting(), [started[2]]);
});
