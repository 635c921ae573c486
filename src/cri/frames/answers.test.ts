import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flag, frameType, setting } from './frame.ts';
import {
  answer,
  block,
  data,
  frame,
  headers,
  message,
  raw,
  send,
  settings,
  told,
  trailers,
  trailersOnly,
  word,
} from './testing.ts';

test('an answer before the end of the request ends the call, and the rest is not sent', async () => {
  const transport = await raw(async (peer) => {
    peer.send(settings([setting.initialWindowSize, 10]));
    await peer.next(frameType.data);
    peer.send(trailersOnly(1, '8', 'no room'));
    await peer.next(frameType.rstStream);
    await peer.next(frameType.headers);
    peer.send(trailersOnly(3, '0'), answer(3, 'ignored'));
  });
  assert.equal(told(await send(transport, { request: Buffer.alloc(1000) })), 'ResourceExhausted: no room');
  assert.equal(told(await send(transport)), 'Unimplemented: No message received');
});

test('what an answer can look like', async () => {
  const end = flag.endStream;
  const padded = frame(
    frameType.data,
    flag.padded,
    1,
    Buffer.concat([Buffer.of(3), message('padded'), Buffer.alloc(3)]),
  );
  const prioritized = frame(
    frameType.headers,
    flag.priority | flag.padded | flag.endHeaders,
    1,
    Buffer.concat([Buffer.of(2), Buffer.alloc(5), block([':status', '200']), Buffer.alloc(2)]),
  );
  const status = block(['grpc-status', '5'], ['grpc-message', 'caf%C3%A9 100%25 %zz']);
  const continued = [
    frame(frameType.headers, end, 1, status.subarray(0, 7)),
    frame(frameType.continuation, 0, 1, Buffer.alloc(0)),
    frame(frameType.continuation, flag.endHeaders, 1, status.subarray(7)),
  ];
  const head = headers(1);
  const reset = (code: number): Buffer => frame(frameType.rstStream, 0, 1, word(code));
  const plain = (code: string, flags = 0): Buffer => headers(1, block([':status', code]), flags);
  const looks: readonly (readonly [frames: readonly Buffer[], expected: string])[] = [
    [[answer(1, 'plain')], 'plain'],
    [[answer(1, '')], ''],
    [[headers(1, block([':status', '103'])), prioritized, padded, trailers(1, '0')], 'padded'],
    [
      [
        head,
        data(1, message('in three').subarray(0, 3)),
        data(1, Buffer.of()),
        data(1, message('in three').subarray(3)),
        trailers(1, '0'),
      ],
      'in three',
    ],
    [
      [
        frame(77, 255, 1, Buffer.from('unknown')),
        frame(frameType.priority, 0, 1, Buffer.alloc(5)),
        answer(1, 'ignored'),
      ],
      'ignored',
    ],
    [[head, ...continued], 'NotFound: café 100% %zz'],
    [[trailersOnly(1, '99', 'x')], 'Unknown: x'],
    [
      [headers(1, block([':status', '200'], ['grpc-status', '12'], ['grpc-message', 'only']), end)],
      'Unimplemented: only',
    ],
    [[head, trailers(1, '0')], 'Unimplemented: No message received'],
    [[head, data(1, message('half').subarray(0, 7)), trailers(1, '0')], 'Unimplemented: No message received'],
    [
      [head, data(1, Buffer.concat([message('a'), message('b')])), trailers(1, '0')],
      'Unimplemented: Too many responses received',
    ],
    [[head, data(1, message('a')), headers(1, block(['x', 'y']), end)], 'Unknown: Received HTTP status code 200'],
    [[head, data(1, message('a'), end)], 'Internal: Received RST_STREAM with code 0 (Call ended without gRPC status)'],
    [[head, data(1, Buffer.of(1, 0, 0, 0, 0))], 'Internal: Received a compressed message, which was not asked for'],
    [
      [head, data(1, Buffer.of(0, 4, 0, 0, 1))],
      'ResourceExhausted: Received message larger than max (67108865 vs 67108864)',
    ],
    [[plain('404'), data(1, Buffer.from('no such page'), end)], 'Unimplemented: Received HTTP status code 404'],
    [[plain('503', end)], 'Unavailable: Received HTTP status code 503'],
    [[plain('400')], 'Internal: Received HTTP status code 400'],
    [[plain('401')], 'Unauthenticated: Received HTTP status code 401'],
    [[plain('403')], 'PermissionDenied: Received HTTP status code 403'],
    [[plain('500')], 'Unknown: Received HTTP status code 500'],
    [[headers(1, block(['no', 'status']))], 'Internal: Received headers without :status'],
    [[data(1, message('a'))], 'Internal: Received data before headers'],
    [[head, headers(1, block(['grpc-status', '0']))], 'Internal: Received trailers that do not end'],
    [[reset(0)], 'Internal: Received RST_STREAM with code 0 (Call ended without gRPC status)'],
    [[reset(2)], 'Internal: Received RST_STREAM with code 2 (Internal server error)'],
    [[reset(5)], 'Internal: Received RST_STREAM with code 5'],
    [[reset(7)], 'Unavailable: Stream refused by server'],
    [[head, reset(8)], 'Canceled: Call cancelled'],
    [[reset(11)], 'ResourceExhausted: Bandwidth exhausted or memory limit exceeded'],
    [[reset(12)], 'PermissionDenied: Protocol not secure enough'],
  ];
  for (const [frames, expected] of looks) {
    let connections = 0;
    const transport = await raw(async (peer) => {
      connections += 1;
      peer.send(settings());
      await peer.next(frameType.data);
      peer.send(...frames);
      await peer.next(frameType.data);
      peer.send(answer(3, 'next'));
    });
    assert.equal(told(await send(transport)), expected);
    assert.equal(told(await send(transport)), 'next', `the connection is none the worse for ${expected}`);
    assert.equal(connections, 1);
    transport.close();
  }
});
