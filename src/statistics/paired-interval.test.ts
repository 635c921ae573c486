import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoregressive, generator } from '../compare/simulated-report.testing.ts';
import { pairedInterval } from './paired-interval.ts';

test('differences that depend on each other are known less well than independent ones', () => {
  const widths = [0, 0.8].map((kept) => {
    const next = autoregressive(generator(5), kept);
    const interval = pairedInterval(Array.from({ length: 200 }, next), 0.95);
    assert.ok(interval);
    return interval.high - interval.low;
  });
  // With 0.8 kept, a mean of n is as sure as one of n/9.
  const [independent = NaN, dependent = NaN] = widths;
  assert.ok(dependent / independent > 2 && dependent / independent < 4, String(widths));
});

test('too few differences tell nothing', () => {
  assert.equal(pairedInterval([], 0.95), null);
  assert.equal(pairedInterval([1, 2, 3, 4, 5], 0.95), null);
  assert.deepEqual(pairedInterval([1, 1, 1, 1, 1, 1], 0.95), { low: 1, high: 1 });
});
