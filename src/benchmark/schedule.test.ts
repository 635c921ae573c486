import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Arrival } from '../model/workload.ts';
import { scheduleOf, warmUpOf, type OpenLoad } from './schedule.ts';

const load = (ratePerSecond: number, arrival: Arrival): OpenLoad => ({ model: 'open', ratePerSecond, arrival });
const arrivals = fc.constantFrom<Arrival>('constant', 'poisson', 'stepped');

test('a schedule has as many starts as asked for, in order, within its duration', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 5000, noNaN: true }),
      arrivals,
      fc.integer({ min: 1, max: 2000 }),
      fc.integer(),
      (rate, arrival, starts, seed) => {
        const { offsetsNs, durationNs } = scheduleOf(load(rate, arrival), starts, seed);
        assert.equal(offsetsNs.length, starts);
        let before = 0;
        for (const offset of offsetsNs) {
          assert.ok(offset >= before && offset < durationNs, `${String(offset)} after ${String(before)}`);
          before = offset;
        }
      },
    ),
  );
});

test('constant starts are one gap of the rate apart', () => {
  const { offsetsNs, durationNs } = scheduleOf(load(200, 'constant'), 4, 1);
  assert.deepEqual([...offsetsNs], [0, 5e6, 10e6, 15e6]);
  assert.equal(durationNs, 20e6);
});

test('the gaps of a Poisson process are exponential: as long in the mean as they are spread, whatever the seed', () => {
  const { offsetsNs, durationNs } = scheduleOf(load(1000, 'poisson'), 20_000, 7);
  assert.equal(durationNs, 20e9);
  const gaps = [...offsetsNs].slice(1).map((offset, at) => offset - (offsetsNs[at] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(mean / 1e6 - 1) < 0.01, `mean ${String(mean)}`);
  assert.ok(Math.abs(deviation / mean - 1) < 0.03, `deviation ${String(deviation)}`);
  // 1/e of exponential gaps are longer than their mean.
  const longer = gaps.filter((gap) => gap > mean).length / gaps.length;
  assert.ok(Math.abs(longer - Math.exp(-1)) < 0.01, `${String(longer)} are longer`);
  assert.notDeepEqual(offsetsNs, scheduleOf(load(1000, 'poisson'), 20_000, 8).offsetsNs);
  assert.deepEqual(offsetsNs, scheduleOf(load(1000, 'poisson'), 20_000, 7).offsetsNs);
});

test('a stepped load rises in four steps of one length, the last one at the rate', () => {
  const { offsetsNs, durationNs } = scheduleOf(load(100, 'stepped'), 1000, 1);
  const stepNs = durationNs / 4;
  const inStep = [0, 1, 2, 3].map(
    (step) => offsetsNs.filter((offset) => Math.floor(offset / stepNs + 1e-9) === step).length,
  );
  assert.deepEqual(inStep, [100, 200, 300, 400]);
  assert.ok(Math.abs(stepNs - 4e9) < 1, 'at 100 a second 400 starts take 4 s');
});

test('a tenth as many starts warm up, at least one', () => {
  assert.equal(warmUpOf(load(5, 'poisson'), 10).offsetsNs.length, 1);
  assert.equal(warmUpOf(load(5, 'poisson'), 1).offsetsNs.length, 1);
  assert.equal(warmUpOf(load(2000, 'stepped'), 4000).offsetsNs.length, 400);
});
