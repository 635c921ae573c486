import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signedRankQuantile } from './signed-rank.ts';

test('critical values as tabulated by Wilcoxon and Wilcox', () => {
  // F. Wilcoxon, R. A. Wilcox, Some Rapid Approximate Statistical Procedures, 1964, table 2 (also S. Siegel, Nonparametric
  // Statistics, 1956, table G): pairs, then T at 5 %, 2 % and 1 % on both sides together. `quantile` is the last value within.
  for (const [pairs, five, two, one] of [
    [6, 0, -1, -1],
    [7, 2, 0, -1],
    [8, 3, 1, 0],
    [9, 5, 3, 1],
    [10, 8, 5, 3],
    [12, 13, 9, 7],
    [15, 25, 19, 15],
    [20, 52, 43, 37],
    [25, 89, 76, 68],
  ] as const) {
    assert.equal(signedRankQuantile(pairs, 0.025), five, String(pairs));
    assert.equal(signedRankQuantile(pairs, 0.01), two, String(pairs));
    assert.equal(signedRankQuantile(pairs, 0.005), one, String(pairs));
  }
});

test('with 50 pairs, and beyond where it is approximated', () => {
  // R. L. McCornack, Extended tables of the Wilcoxon matched pair signed rank statistic, JASA 60, 1965: T at 5 %.
  assert.equal(signedRankQuantile(50, 0.025), 434);
  assert.ok(Math.abs(signedRankQuantile(100, 0.025) - 1955) <= 1);
});

test('the distribution is the one of all signs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.double({ min: 0.001, max: 0.4, noNaN: true }), (pairs, tail) => {
      const sums = Array.from({ length: 2 ** pairs }, (_, signs) =>
        Array.from({ length: pairs }, (_unused, bit) => ((signs >> bit) & 1) * (bit + 1)).reduce((a, b) => a + b, 0),
      );
      const within = (value: number): number => sums.filter((sum) => sum <= value).length / sums.length;
      const quantile = signedRankQuantile(pairs, tail);
      assert.ok(within(quantile) <= tail * (1 + 1e-9));
      assert.ok(within(quantile + 1) > tail);
    }),
    { numRuns: 50 },
  );
});
