import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holm } from './holm.ts';

const byP = (p: number, level: number): boolean => p <= level;
const rejected = (values: readonly number[], level = 0.05): readonly number[] =>
  values.filter((_, index) => holm(values, level, byP)[index]?.rejected);

test('the worked example of Benjamini and Hochberg: 3 of 15 outcomes', () => {
  // Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, JRSS B 57, 1995, section 3.2: the p-values of K.-L.
  // Neuhaus and others (1992). Family-wise procedures reject the first three: 0.0095 exceeds 0.05/12.
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  assert.deepEqual(rejected(p), [0.0001, 0.0004, 0.0019]);
  assert.equal(holm(p, 0.05, byP)[3]?.level, 0.05 / 12);
});

test('a step that withstands ends it, however small what follows would have been let off with', () => {
  // Of four the levels are 0.0125, 0.0167, 0.025, 0.05: 0.03 withstands at 0.025, and so does 0.04 though it is below 0.05.
  assert.deepEqual(rejected([0.01, 0.04, 0.03, 0.005]), [0.01, 0.005]);
  // Where Bonferroni's correction (0.0125 for each) rejects one, Holm's rejects all.
  assert.deepEqual(rejected([0.012, 0.015, 0.02, 0.04]), [0.012, 0.015, 0.02, 0.04]);
  assert.deepEqual(rejected([]), []);
});

test('it rejects what the definition by ordered p-values rejects', () => {
  const probability = fc.oneof(
    fc.double({ min: 0, max: 0.06, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(probability, { maxLength: 30 }), (values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const stop = sorted.findIndex((p, index) => p > 0.05 / (sorted.length - index));
      const bound = stop < 0 ? Infinity : (sorted[stop] ?? Infinity);
      assert.deepEqual(
        rejected(values),
        values.filter((p) => p < bound),
      );
    }),
  );
});
