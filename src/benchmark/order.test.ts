import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { balancedOrders } from './order.ts';
import { splitMix64 } from './random.ts';

function firstOrders<T>(items: readonly T[], count: number, seed: number): readonly (readonly T[])[] {
  const orders = balancedOrders(items, seed);
  return Array.from({ length: count }, () => orders.next().value).filter((order) => order !== undefined);
}

test('SplitMix64 gives the numbers of the reference implementation for seed 1234567', () => {
  const next = splitMix64(1234567n);
  assert.deepEqual(
    [next(), next(), next(), next(), next()],
    [6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n, 16408922859458223821n],
  );
});

const items = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 });
const rounds = fc.integer({ min: 1, max: 40 });
const seeds = fc.integer();

test('every round visits every item exactly once', () => {
  fc.assert(
    fc.property(items, rounds, seeds, (names, count, seed) => {
      const orders = firstOrders(names, count, seed);
      assert.equal(orders.length, count);
      for (const order of orders) assert.deepEqual([...order].sort(), [...names].sort());
    }),
  );
});

test('each item has each place equally often: exactly so after whole blocks, else to within one', () => {
  fc.assert(
    fc.property(items, rounds, seeds, (names, count, seed) => {
      const orders = firstOrders(names, count, seed);
      for (const name of names) {
        for (const place of names.keys()) {
          const times = orders.filter((order) => order[place] === name).length;
          assert.ok(Math.abs(times - count / names.length) < 1, `${String(times)} of ${String(count)}`);
        }
      }
    }),
  );
});

test('a seed decides the orders', () => {
  fc.assert(
    fc.property(items, rounds, seeds, (names, count, seed) => {
      assert.deepEqual(firstOrders(names, count, seed), firstOrders(names, count, seed));
    }),
  );
});

test('which of two targets goes first is a matter of chance from block to block', () => {
  const firsts = new Set(
    Array.from({ length: 64 }, (_, seed) =>
      firstOrders(['a', 'b'], 8, seed)
        .map((order) => order[0])
        .join(''),
    ),
  );
  // Four blocks of two rounds: 16 patterns are possible, and 64 seeds leave each out with a chance of 1.6 %.
  assert.ok(firsts.size >= 12, [...firsts].join(' '));
});

test('no item makes no order', () => {
  assert.deepEqual(firstOrders([], 3, 1), []);
});
