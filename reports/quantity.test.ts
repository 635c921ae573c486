import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  durationUnit,
  formatBytes,
  formatCount,
  formatDuration,
  formatFigure,
  formatMoment,
  formatNumber,
  formatRatio,
  formatShare,
  joinWords,
} from './quantity.ts';

test('writes durations with three digits and their unit', () => {
  assert.equal(formatDuration(0), '0 ns');
  assert.equal(formatDuration(912), '912 ns');
  assert.equal(formatDuration(66_400), '66.4 µs');
  assert.equal(formatDuration(88_230_000), '88.2 ms');
  assert.equal(formatDuration(1_029_290_000), '1.03 s');
  assert.equal(formatDuration(30_000_000_000), '30 s');
  assert.equal(formatDuration(214_000_000_000), '3 min 34 s');
  assert.equal(formatDuration(119_600_000_000), '2 min 0 s');
});

test('writes figures that stand together in the unit of the smallest', () => {
  const unit = durationUnit([88e6, 1_234e6, 0]);
  assert.equal(formatDuration(88e6, unit), '88 ms');
  assert.equal(formatDuration(1_234.4e6, unit), '1,234 ms');
  assert.equal(formatDuration(0.5e6, unit), '0.500 ms');
  assert.equal(durationUnit([]).name, 'ns');
  assert.equal(durationUnit([0]).name, 'ns');
});

test('cuts shares off, for a confidence of 100 % is none', () => {
  assert.deepEqual([0.025, 0.95, 0.99789, 0.999999].map(formatShare), ['2.5 %', '95 %', '99.78 %', '99.99 %']);
});

test('writes figures in the multiple of their unit', () => {
  assert.equal(formatFigure(88_230_000, 'ns'), '88.2 ms');
  assert.equal(formatFigure(-1536, 'bytes'), '-1.50 KiB');
  assert.equal(formatFigure(67_108_864, 'bytes/s'), '64 MiB/s');
  assert.equal(formatFigure(3, 'mounts'), '3 mounts');
});

test('writes sizes, ratios, counts, moments and lists', () => {
  assert.equal(formatBytes(0), '0 B');
  assert.equal(formatBytes(16_777_216_000), '15.6 GiB');
  assert.equal(formatBytes(1536), '1.50 KiB');
  assert.equal(formatNumber(1234.5), '1,235');
  assert.deepEqual([0.0123, 0.5321, 1.0126, 2.0044, 412.3].map(formatRatio), [
    '0.012',
    '0.532',
    '1.013',
    '2.00',
    '412',
  ]);
  assert.equal(formatCount(1, 'case'), '1 case');
  assert.equal(formatCount(1204, 'case'), '1,204 cases');
  assert.equal(formatMoment('2026-11-23T12:08:05.9Z'), '2026-11-23 12:08:05 UTC');
  assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(joinWords), ['', 'a', 'a and b', 'a, b and c']);
});
