import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../model/comparison.ts';
import { compareRuns, type CompareRunsOptions, type RunSide } from './compare-runs.ts';
import { steady, withRates } from './measured.testing.ts';

function only(base: RunSide, candidate: RunSide, options?: CompareRunsOptions): Comparison {
  const [comparison, ...rest] = compareRuns(base, candidate, options);
  assert.ok(comparison);
  assert.deepEqual(rest, []);
  return comparison;
}

/** A night in which everything goes at this pace; the target is 1.1 times as fast as its control where `better`. */
function night(pace: number, better: boolean): RunSide {
  const workloads = [
    withRates('c', steady(20, pace)),
    withRates('a', steady(20, pace * (better ? 1.1 : 1)).toReversed()),
  ];
  return { workloads, target: 'a' };
}

test('rounds of two runs are compared all with all', () => {
  const { verdict, ratio, pairs, base, candidate } = only(night(1, false), night(1, true));
  assert.deepEqual([verdict, ratio?.toFixed(2), pairs, base, candidate], ['faster', '1.10', 20, 'a', 'a']);
  assert.equal(only(night(1, false), night(1, false)).verdict, 'same');
});

test('a slower night looks like a slower target, unless a control was there in both', () => {
  assert.equal(only(night(1, false), night(0.8, false)).verdict, 'slower');
  assert.equal(only(night(1, false), night(0.8, false), { control: 'c' }).verdict, 'same');
  const { verdict, ratio } = only(night(1, false), night(0.8, true), { control: 'c' });
  assert.deepEqual([verdict, ratio?.toFixed(2)], ['faster', '1.10']);
});

test('runs without the control, or of another revision of the workload, are not compared', () => {
  const alone = { workloads: night(1, false).workloads.slice(1), target: 'a' };
  assert.equal(only(night(1, false), alone, { control: 'c' }).reason, 'c in the candidate has no such figure');
  const revised = { workloads: [withRates('a', steady(20), { revision: 2 })], target: 'a' };
  const { verdict, reason } = only(night(1, false), revised);
  assert.equal(verdict, 'inconclusive');
  assert.equal(reason, 'the workload has changed between the runs (revision 1, then 2)');
});

test('runs that are short or touch zero say why nothing follows', () => {
  const short = { workloads: [withRates('a', [1, 2, 3])], target: 'a' };
  assert.equal(only(short, short).reason, '3 rounds a run are too few to bound a difference at 95 % confidence');
  const zero = { workloads: [withRates('a', [0, ...steady(19)])], target: 'a' };
  assert.equal(
    only(night(1, false), zero).reason,
    'in 1 of 20 rounds a value is 0 or less, of which no ratio can be taken',
  );
});
