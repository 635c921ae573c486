import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longestWithin } from './text-budget.ts';

test('gives long texts what short ones leave', () => {
  assert.equal(longestWithin([10, 10, 1000, 1000], 500), 240);
  assert.equal(longestWithin([10, 20], 500), 500);
  assert.equal(longestWithin([], 500), 500);
});

test('never exceeds the budget, and wastes none while a text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1 }), fc.nat(100_000), (lengths, budget) => {
      const limit = longestWithin(lengths, budget);
      const used = lengths.reduce((sum, length) => sum + Math.min(length, limit), 0);
      const isCut = lengths.some((length) => length > limit);
      return used <= budget && (!isCut || budget - used < lengths.length);
    }),
  );
});
