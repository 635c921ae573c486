import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankSumQuantile } from './rank-sum.ts';

test('critical values as tabulated', () => {
  // S. Siegel, Nonparametric Statistics for the Behavioral Sciences, 1956, table K (after D. Auble 1953): U at 5 % on both sides.
  for (const [first, second, five] of [
    [5, 5, 2],
    [8, 8, 13],
    [10, 10, 23],
    [9, 15, 34],
    [12, 18, 61],
    [20, 20, 127],
  ] as const) {
    assert.equal(rankSumQuantile(first, second, 0.025), five);
    assert.equal(rankSumQuantile(second, first, 0.025), five);
  }
  assert.equal(rankSumQuantile(3, 3, 0.025), -1, 'three against three are never that sure');
});

test('the approximation for many values goes on where the exact distribution ends', () => {
  const exact = rankSumQuantile(50, 50, 0.001);
  const approximated = rankSumQuantile(51, 50, 0.001);
  // Each further value adds some 25 to U's mean, less what its deviation grows by.
  assert.ok(approximated > exact && approximated < exact + 25, `${String(exact)}, ${String(approximated)}`);
});
