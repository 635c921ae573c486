import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../model/error.ts';
import { formatDurationMs, parseDurationMs } from './duration.ts';

test('durations are read in their units', () => {
  assert.equal(parseDurationMs('500ms'), 500);
  assert.equal(parseDurationMs('2m'), 120_000);
  assert.equal(parseDurationMs('1h30m'), 5_400_000);
  assert.equal(parseDurationMs('1.5s'), 1500);
});

for (const text of ['', '5', 'm', '-1s', '1d', '1s ', '1 s', '0s', '0h0m', 'Infinitys']) {
  test(`'${text}' is no duration`, () => {
    assert.throws(() => parseDurationMs(text), UsageError);
  });
}

test('the parts of a duration add up', () => {
  const part = fc.nat(999);
  fc.assert(
    fc.property(part, part, part, part, (hours, minutes, seconds, ms) => {
      const totalMs = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
      fc.pre(totalMs > 0);
      assert.equal(parseDurationMs(`${String(hours)}h${String(minutes)}m${String(seconds)}s${String(ms)}ms`), totalMs);
    }),
  );
});

test('durations are told in words', () => {
  assert.equal(formatDurationMs(850), '850 ms');
  assert.equal(formatDurationMs(12_400), '12 s');
  assert.equal(formatDurationMs(185_000), '3 min 5 s');
  assert.equal(formatDurationMs(3_720_000), '1 h 2 min');
  assert.equal(formatDurationMs(3_600_000), '1 h');
});
