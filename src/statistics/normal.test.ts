import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf, normalQuantile } from './normal.ts';

// Values from M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions (1964), tables 26.1 and 26.5.

test('the distribution function as tabulated', () => {
  for (const [x, probability] of [
    [0, 0.5],
    [1, 0.841344746068543],
    [2, 0.977249868051821],
    [3, 0.99865010196837],
  ] as const) {
    assert.ok(Math.abs(normalCdf(x) - probability) < 1e-14, String(x));
    assert.ok(Math.abs(normalCdf(-x) - (1 - probability)) < 1e-14, String(-x));
  }
});

test('quantiles as tabulated', () => {
  for (const [tail, x] of [
    [0.25, 0.6744897502],
    [0.025, 1.9599639845],
    [0.005, 2.5758293035],
    [0.001, 3.0902323062],
    [0.0001, 3.7190164855],
  ] as const) {
    assert.ok(Math.abs(normalQuantile(tail) + x) < 1e-9, String(tail));
    assert.ok(Math.abs(normalQuantile(1 - tail) - x) < 1e-9, String(tail));
  }
});
