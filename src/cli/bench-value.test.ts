import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPercent, readRates } from './bench-value.ts';

test('rates are positive numbers in a list', () => {
  assert.deepEqual(readRates('5'), [5]);
  assert.deepEqual(readRates('0.5, 2,2000'), [0.5, 2, 2000]);
  for (const text of ['', '0', '-1', '1e3', '5,', 'five', '0x10', 'Infinity']) {
    assert.throws(() => readRates(text), /not a number of iterations a second/, text);
  }
});

test('a percentage lies between none and all, with its sign or without', () => {
  assert.equal(readPercent('5%'), 0.05);
  assert.equal(readPercent('2.5'), 0.025);
  for (const text of ['0%', '100%', '-5%', 'p', '%', '5%%']) assert.throws(() => readPercent(text), /not a percentage/);
});
