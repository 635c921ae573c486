import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { samplesToBound } from './percentile-bound.ts';

test('the median wants 6 samples, p90 36, p99 368, p99.9 3688', () => {
  assert.deepEqual([0.5, 0.9, 0.99, 0.999].map(samplesToBound), [6, 36, 368, 3688]);
});

test('it is the least number for which neither end of the interval may be missing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (quantile) => {
      const missing = (n: number): number => Math.max(quantile ** n, (1 - quantile) ** n);
      const n = samplesToBound(quantile);
      assert.ok(missing(n) <= 0.025 * (1 + 1e-9));
      assert.ok(n === 1 || missing(n - 1) >= 0.025 * (1 - 1e-9));
    }),
  );
});

test('with that many samples from any distribution the largest one lies below the quantile at most once in forty', () => {
  // Ranks are all that counts, so uniform samples stand for any: the maximum of n is below q with probability qⁿ.
  fc.assert(
    fc.property(fc.constantFrom(0.5, 0.9), fc.integer(), (quantile, seed) => {
      let state = seed >>> 0;
      const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
      const n = samplesToBound(quantile);
      const trials = 4000;
      let below = 0;
      for (let trial = 0; trial < trials; trial++) {
        let largest = 0;
        for (let sample = 0; sample < n; sample++) largest = Math.max(largest, random());
        if (largest < quantile) below++;
      }
      // 2.5 % and six standard deviations of the count.
      assert.ok(
        below / trials < 0.025 + 6 * Math.sqrt((0.025 * 0.975) / trials),
        `${String(below)} of ${String(trials)}`,
      );
    }),
    { numRuns: 20, seed: 7 },
  );
});
