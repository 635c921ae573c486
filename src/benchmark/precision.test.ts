import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureOf, halfWidth } from './precision.ts';
import { Recorder } from './recorder.ts';

test('a round’s figure is its measure, or the median of the primary’s latencies; none where nothing succeeded', () => {
  const recorder = new Recorder(['X', 'Y'], 'closed');
  for (const durationNs of [1000, 1500, 9000]) recorder.succeeded('X', durationNs);
  const round = { operations: recorder.operations, measures: [{ name: 'share', value: 0.5 }] };
  assert.equal(figureOf(round, 'X'), 1500);
  assert.equal(figureOf(round, 'Y'), null);
  assert.equal(figureOf(round, 'share'), 0.5);
  assert.equal(figureOf(round, 'nothing'), null);
});

test('the half-width is that of the ratio, over rounds that both have', () => {
  const asked: (readonly number[])[] = [];
  const interval = (logRatios: readonly number[]) => {
    asked.push(logRatios);
    return { low: Math.log(1.1 / 1.05), high: Math.log(1.1 * 1.05) };
  };
  const base = new Map([
    [0, 10],
    [1, 20],
    [3, 0],
  ]);
  const candidate = new Map([
    [1, 22],
    [2, 5],
    [0, 11],
    [3, 7],
  ]);
  assert.ok(Math.abs(halfWidth(base, candidate, interval) - 0.05) < 1e-9);
  assert.deepEqual(
    asked[0]?.map((logRatio) => logRatio.toFixed(6)),
    [Math.log(1.1).toFixed(6), Math.log(1.1).toFixed(6)],
  );
  assert.equal(
    halfWidth(base, candidate, () => null),
    Infinity,
  );
});
