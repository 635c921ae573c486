import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from './frame.ts';
import { HeaderDecoder } from './header-decoder.ts';
import { HeaderEncoder } from './header-encoder.ts';
import { decodeHuffman } from './huffman.ts';

function decode(decoder: HeaderDecoder, hex: string | Buffer): string[] {
  const bytes = typeof hex === 'string' ? Buffer.from(hex.replaceAll(' ', ''), 'hex') : hex;
  const fields: string[] = [];
  decoder.decode(bytes, 0, bytes.length, (name, value) => fields.push(`${name}: ${value}`));
  return fields;
}

test('the responses of RFC 7541, appendix C.6: Huffman code and a table of 256 bytes that runs over', () => {
  const decoder = new HeaderDecoder();
  assert.deepEqual(decode(decoder, '3fe101'), [], 'the table is made that small by a size update');
  assert.deepEqual(
    decode(
      decoder,
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
    ),
    [
      ':status: 302',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ],
  );
  assert.deepEqual(decode(decoder, '4883 640e ffc1 c0bf'), [
    ':status: 307',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:21 GMT',
    'location: https://www.example.com',
  ]);
  assert.deepEqual(
    decode(
      decoder,
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ),
    [
      ':status: 200',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
      'location: https://www.example.com',
      'content-encoding: gzip',
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ],
  );
});

test('the requests of RFC 7541, appendix C.3: no Huffman code, indexes into both tables', () => {
  const decoder = new HeaderDecoder();
  const first = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
  assert.deepEqual(decode(decoder, '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d'), first);
  assert.deepEqual(decode(decoder, '8286 84be 5808 6e6f 2d63 6163 6865'), [...first, 'cache-control: no-cache']);
});

test('rare symbols of RFC 7541, appendix B', () => {
  const rare: readonly (readonly [symbol: number, code: number, bits: number])[] = [
    [0, 0x1ff8, 13],
    [9, 0xffffea, 24],
    [10, 0x3ffffffc, 30],
    [92, 0x7fff0, 19],
    [127, 0xffffffc, 28],
    [128, 0xfffe6, 20],
    [199, 0x1ffffec, 25],
    [220, 0xffffffd, 28],
    [249, 0xffffffe, 28],
    [255, 0x3ffffee, 26],
  ];
  for (const [symbol, code, bits] of rare) {
    const padded = code
      .toString(2)
      .padStart(bits, '0')
      .padEnd(Math.ceil(bits / 8) * 8, '1');
    const bytes = Uint8Array.from(padded.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
    assert.equal(decodeHuffman(bytes, 0, bytes.length), String.fromCharCode(symbol));
  }
});

test('what is not HPACK is refused', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['80', /index 0/],
    ['be', /index 62/],
    ['ffffffffff0f', /out of all proportion/],
    ['ffffffffffffffffff', /out of all proportion/],
    ['00', /ends within a field/],
    ['0005616263', /beyond its block/],
    ['3fe21f', /beyond the one that was offered/],
    ['8820', /amid fields/],
    ['000181', /ends within a field/],
    ['0081ff0161', /ends within a symbol|ends within/],
    ['000161 84ffffffff', /end of string/],
  ];
  for (const [hex, why] of refused) {
    assert.throws(
      () => decode(new HeaderDecoder(), hex),
      (error) => error instanceof ProtocolError && error.errorCode === 9 && why.test(error.message),
      hex,
    );
  }
});

test('no bytes make the decoder fail otherwise than by a protocol error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (blocks) => {
      const decoder = new HeaderDecoder();
      try {
        for (const bytes of blocks) decode(decoder, Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
      try {
        for (const bytes of blocks) decodeHuffman(bytes, 0, bytes.length);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

test('requests read the same at the other end, however often, in any order and through changes of the table', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ path: fc.nat(80), timeoutMs: fc.constantFrom(Infinity, 1, 120_000, 240_000.5, 1e12) }),
    },
    { weight: 1, arbitrary: fc.record({ limit: fc.constantFrom(0, 60, 200, 1000, 4096, 65_536) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const encoder = new HeaderEncoder();
      const decoder = new HeaderDecoder();
      for (const step of steps) {
        if ('limit' in step) {
          encoder.limitTo(step.limit);
          continue;
        }
        const path = `/runtime.v1.RuntimeService/${'x'.repeat(step.path)}`;
        const timeout = { Infinity: [], 1: ['1m'], 120000: ['120000m'], 240000.5: ['240001m'] }[step.timeoutMs] ?? [
          '99999999S',
        ];
        assert.deepEqual(decode(decoder, encoder.request(path, step.timeoutMs)), [
          ':method: POST',
          ':scheme: http',
          `:path: ${path}`,
          ':authority: localhost',
          'content-type: application/grpc',
          'te: trailers',
          ...timeout.map((text) => `grpc-timeout: ${text}`),
        ]);
      }
    }),
    { numRuns: 300 },
  );
});

test('the block of an RPC is encoded once, and short from then on', () => {
  const encoder = new HeaderEncoder();
  encoder.request('/runtime.v1.RuntimeService/Version', 120_000);
  const second = encoder.request('/runtime.v1.RuntimeService/Version', 120_000);
  assert.ok(second.length < 35, second.length.toString());
  assert.equal(encoder.request('/runtime.v1.RuntimeService/Version', 120_000), second);
  assert.equal(encoder.request('/runtime.v1.RuntimeService/Version', Infinity).length, 6);
});
