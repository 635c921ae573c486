import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Exchange } from './exchange.ts';
import { OpenStreams } from './open-streams.ts';

function exchangeOf(streamId: number): Exchange {
  const call = { path: '/', request: new Uint8Array(), timeoutMs: Infinity, signal: undefined };
  const exchange = new Exchange(call, Infinity, () => undefined);
  exchange.streamId = streamId;
  return exchange;
}

test('open streams are found by their ids like in a Map, whatever outlives whatever', () => {
  // At each step one opens; then of those that are open some end, by their place.
  const steps = fc.array(fc.array(fc.nat({ max: 1000 }), { maxLength: 3 }), { maxLength: 600, size: 'max' });
  fc.assert(
    fc.property(steps, (endings) => {
      const streams = new OpenStreams();
      const expected = new Map<number, Exchange>();
      for (const [index, ends] of endings.entries()) {
        const exchange = exchangeOf(2 * index + 1);
        streams.add(exchange);
        expected.set(exchange.streamId, exchange);
        for (const end of ends) {
          const ids = [...expected.keys()];
          const id = ids[end % ids.length];
          if (id === undefined) break;
          assert.equal(streams.delete(id), true);
          assert.equal(streams.delete(id), false);
          expected.delete(id);
        }
      }
      assert.equal(streams.count, expected.size);
      assert.deepEqual(new Set(streams.values()), new Set(expected.values()));
      for (let id = 1; id <= 2 * endings.length; id += 2) assert.equal(streams.get(id), expected.get(id));
    }),
    { numRuns: 200 },
  );
});

test('one stream that never ends costs no memory', () => {
  const streams = new OpenStreams();
  streams.add(exchangeOf(1));
  for (let id = 3; id < 20_001; id += 2) {
    streams.add(exchangeOf(id));
    streams.delete(id);
  }
  assert.equal(streams.get(1)?.streamId, 1);
  assert.deepEqual([...streams.values()].length, 1);
});
