import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { frame } from './testing.ts';

const anyFrame = fc.record(
  {
    type: fc.nat(12),
    flags: fc.nat(255),
    streamId: fc.nat(0x7fff_ffff),
    payload: fc.oneof(
      { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.constantFrom(16_383, 16_384).map((length) => new Uint8Array(length).fill(7)) },
    ),
  },
  { noNullPrototype: true },
);

test('frames come out as they went in, wherever reads cut them', () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map((one) => frame(one.type, one.flags, one.streamId, one.payload)));
        const seen: unknown[] = [];
        const reader = new FrameReader((type, flags, streamId, within, from, to) => {
          seen.push({ type, flags, streamId, payload: new Uint8Array(within.subarray(from, to)) });
        });
        const memory = Buffer.alloc(8192);
        let reads = 0;
        for (let at = 0; at < bytes.length;) {
          const cut = cuts[reads++ % cuts.length] ?? 1;
          const end = Math.min(bytes.length, at + (cut === 30 ? memory.length : cut));
          // The memory behind a read is used again for the next.
          memory.fill(0xee);
          bytes.copy(memory, 0, at, end);
          reader.read(memory, end - at);
          at = end;
        }
        assert.deepEqual(seen, frames);
      },
    ),
    { numRuns: 300 },
  );
});

test('a frame that is longer than we take is refused, also when its header comes byte by byte', () => {
  const header = frame(0, 0, 1, new Uint8Array(16_385)).subarray(0, 9);
  const whole = new FrameReader(() => undefined);
  assert.throws(() => {
    whole.read(header, 9);
  }, ProtocolError);
  const split = new FrameReader(() => undefined);
  assert.throws(() => {
    for (const byte of header) split.read(Buffer.of(byte), 1);
  }, ProtocolError);
});
