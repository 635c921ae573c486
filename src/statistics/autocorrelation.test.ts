import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoregressive, generator } from '../compare/simulated-report.testing.ts';
import { autocorrelation, sharedAutocorrelations, wideningOf } from './autocorrelation.ts';

function seriesWith(kept: number, count: number, length: number, seed: number): readonly (readonly number[])[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const next = autoregressive(random, kept);
    return Array.from({ length }, next);
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('an estimate by hand', () => {
  // Deviations -2 -1 0 1 2 and once more 0: products 2 + 0 + 0 + 2 + 0 = 4 of squares 10; (6 · 0.4 + 1)/(6 - 4).
  const found = autocorrelation([1, 2, 3, 4, 5, 3]);
  assert.ok(found !== null && Math.abs(found - 1.7) < 1e-12);
});

test('short series are freed from their bias, whatever the autocorrelation', () => {
  // F. H. C. Marriott, J. A. Pope 1954: uncorrected, 20 values of autocorrelation 0.4 give 0.27 on average.
  for (const kept of [0, 0.3, 0.5]) {
    const found = seriesWith(kept, 4000, 20, 11).map((series) => autocorrelation(series) ?? NaN);
    // Some 0.25 / √4000 is the error of the mean.
    assert.ok(Math.abs(meanOf(found) - kept) < 0.02, `${String(kept)}: ${String(meanOf(found))}`);
  }
});

test('series that agree are told by what they have in common', () => {
  const alone = seriesWith(0.4, 24, 20, 3).map((series) => sharedAutocorrelations([series])[0] ?? NaN);
  const together = sharedAutocorrelations(seriesWith(0.4, 24, 20, 3));
  const error = (values: readonly number[]): number => Math.sqrt(meanOf(values.map((value) => (value - 0.4) ** 2)));
  assert.ok(error(together) < error(alone) / 2, `${String(error(together))} of ${String(error(alone))}`);
});

test('series that differ keep their difference', () => {
  const shared = sharedAutocorrelations([...seriesWith(0, 24, 60, 5), ...seriesWith(0.7, 24, 60, 6)]);
  assert.ok(meanOf(shared.slice(0, 24)) < 0.15);
  assert.ok(meanOf(shared.slice(24)) > 0.55);
});

test('what cannot be told counts as the rest, or as independent', () => {
  assert.deepEqual(sharedAutocorrelations([[1, 2, 3], []]), [0, 0]);
  assert.equal(autocorrelation([2, 2, 2, 2, 2, 2, 2]), null);
  const [constant, , other] = sharedAutocorrelations([[2, 2, 2, 2, 2, 2, 2], [1], ...seriesWith(0.5, 1, 20, 2)]);
  assert.equal(constant, other);
});

test('intervals widen with what is left, and never beyond bounds', () => {
  assert.equal(wideningOf(0), 1);
  assert.equal(wideningOf(0.6), 2);
  const [up, down] = [
    sharedAutocorrelations([Array.from({ length: 20 }, (_, index) => index)])[0],
    sharedAutocorrelations([Array.from({ length: 20 }, (_, index) => index % 2)])[0],
  ];
  assert.ok(up !== undefined && wideningOf(up) <= 4.4);
  assert.equal(down, -1 / 3);
});
