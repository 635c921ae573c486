import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../model/comparison.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { compareTargets, type CompareOptions } from './compare-targets.ts';
import { latencyRounds, scattered, steady, withLatencies, withRates } from './measured.testing.ts';

function only(results: readonly WorkloadResult[], options: Partial<CompareOptions> = {}): Comparison {
  const [comparison, ...rest] = compareTargets(results, { base: 'a', candidates: ['b'], ...options });
  assert.ok(comparison);
  assert.deepEqual(rest, []);
  return comparison;
}

const asLatencies = (values: readonly number[]): WorkloadResult['rounds'] =>
  latencyRounds(
    'Op',
    values.map((value) => [value * 0.9, value, value * 1.5]),
  );

test("an operation's medians come from its histograms, round by round", () => {
  const comparison = only([
    withLatencies('a', asLatencies(steady(20))),
    withLatencies('b', asLatencies(steady(20).map((value, index) => value * (1.2 + 0.001 * Math.cos(index))))),
  ]);
  const { ratio, low, high, reason, ...rest } = comparison;
  assert.ok(ratio !== null && low !== null && high !== null);
  assert.ok(Math.abs(ratio - 1.2) < 0.002 && low < ratio && ratio < high && high - low < 0.005);
  assert.equal(reason, undefined);
  assert.deepEqual(rest, {
    ...{ workload: 'w', load: { model: 'closed', concurrency: 1 }, operation: 'Op', metric: 'p50', unit: 'ns' },
    ...{ better: 'lower', primary: true, base: 'a', candidate: 'b', confidence: 0.95, verdict: 'slower', pairs: 20 },
    ...{ threshold: rest.threshold, margin: rest.margin },
  });
  assert.ok(Math.abs(rest.threshold - 0.025) < 1e-12 && Math.abs((rest.margin ?? 0) - 0.1) < 1e-12);
});

test('of a rate more is better', () => {
  const verdict = (factor: number): string =>
    only([withRates('a', steady(20)), withRates('b', steady(20, factor))]).verdict;
  assert.equal(verdict(1.2), 'faster');
  assert.equal(verdict(1 / 1.2), 'slower');
  assert.equal(verdict(1.01), 'same');
});

test('rounds belong together by their index, and a lost one takes its partner along', () => {
  // Ever slower, so that rounds shifted by one would differ by a tenth.
  const rising = Array.from({ length: 20 }, (_, index) => 1.1 ** index);
  const rounds = asLatencies(rising);
  const comparison = only([
    withLatencies('a', [null, ...rounds.slice(1)]),
    withLatencies('b', [...rounds.slice(0, 10), null, ...rounds.slice(11)]),
  ]);
  assert.deepEqual([comparison.pairs, comparison.ratio, comparison.verdict], [18, 1, 'same']);
});

test('too few rounds for an interval, or for a corrected one, say how many it takes', () => {
  const few = only([withRates('a', steady(5)), withRates('b', steady(5, 2))]);
  assert.deepEqual([few.verdict, few.ratio, few.low, few.high], ['inconclusive', 2, null, null]);
  assert.equal(few.reason, '5 rounds measured on both cannot bound a difference at 95 % confidence; 6 could');

  const many = ['v', 'w', 'x', 'y'].flatMap((id) => [
    withRates('a', steady(6), { id }),
    withRates('b', steady(6, 2), { id }),
  ]);
  for (const comparison of compareTargets(many, { base: 'a', candidates: ['b'] })) {
    assert.equal(comparison.verdict, 'inconclusive');
    assert.equal(
      comparison.reason,
      '6 rounds measured on both cannot bound a difference at 98.75 % confidence; 8 could',
    );
    assert.ok(comparison.low !== null, 'the plain interval is told meanwhile');
    assert.equal(comparison.confidence, 0.95);
  }
});

test('an interval that decides nothing says how many rounds would', () => {
  const noisy = scattered(20).map((value) => 100 * (1 + 0.5 * value));
  const { verdict, reason } = only([withRates('a', steady(20)), withRates('b', noisy)]);
  assert.equal(verdict, 'inconclusive');
  assert.match(
    reason ?? '',
    /^the interval neither lies beyond the noise threshold of 2\.5 % nor rules out a difference of 10 %; about \d+ rounds would decide if the estimate stays$/,
  );
});

test('what is only beyond the threshold without the correction is not claimed, and says so', () => {
  // Alone b is slower; among 40 others that are the same its interval is too wide.
  const noisy = scattered(20).map((value) => 1.075 + 0.16 * value);
  const suspect = [
    withRates('a', steady(20)),
    withRates(
      'b',
      steady(20).map((value, index) => value / (noisy[index] ?? 1)),
    ),
  ];
  assert.equal(only(suspect).verdict, 'slower');
  const others = Array.from({ length: 40 }, (_, index) => ({ id: `other-${String(index)}` })).flatMap((change) => [
    withRates('a', steady(20), change),
    withRates('b', steady(20).toReversed(), change),
  ]);
  const [comparison] = compareTargets([...suspect, ...others], { base: 'a', candidates: ['b'] });
  assert.equal(comparison?.verdict, 'inconclusive');
  assert.match(
    comparison.reason ?? '',
    /^by itself it lies beyond the noise threshold of 2\.5 %, but not once corrected/,
  );
  assert.ok(Math.abs(comparison.confidence - (1 - 0.05 / 41)) < 1e-12);
});

test('what is not the primary is exploratory, and not corrected', () => {
  const results = ['v', 'w'].flatMap((id) => [
    withRates('a', steady(20), { id, primary: 'Other' }),
    withRates('b', steady(20, 2), { id, primary: 'Other' }),
  ]);
  for (const { primary, confidence, verdict } of compareTargets(results, { base: 'a', candidates: ['b'] })) {
    assert.deepEqual([primary, confidence, verdict], [false, 0.95, 'faster']);
  }
});

test('a target that failed is neither fast nor slow', () => {
  const failed = withLatencies('b', [], { status: 'failed', reason: 'no iteration got through Op' });
  const comparison = only([withLatencies('a', asLatencies(steady(20))), failed]);
  assert.equal(comparison.verdict, 'inconclusive');
  assert.equal(comparison.ratio, null);
  assert.equal(comparison.reason, 'there is no figure of b: no iteration got through Op');
  assert.equal(only([withLatencies('a', asLatencies(steady(20)))]).reason, 'b has no such figure');
  const neither = [failed, { ...failed, target: 'a' }];
  assert.deepEqual(compareTargets(neither, { base: 'a', candidates: ['b'] }), []);
});

test('with many failed calls the rest is no fair sample', () => {
  const lucky = withLatencies('b', asLatencies(steady(20, 0.5)));
  const failing = { ...lucky, operations: lucky.operations.map((summary) => ({ ...summary, failures: 20 })) };
  const { verdict, reason } = only([withLatencies('a', asLatencies(steady(20))), failing]);
  assert.equal(verdict, 'inconclusive');
  assert.equal(reason, '25 % of the calls failed on b, and what is left is no fair sample');
});

test('nothing against nothing is the same; nothing against something has no ratio', () => {
  const none = Array.from({ length: 20 }, () => 0);
  const alike = only([withRates('a', none), withRates('b', none)]);
  assert.deepEqual([alike.ratio, alike.low, alike.high, alike.verdict], [1, 1, 1, 'same']);
  const { verdict, reason } = only([withRates('a', none), withRates('b', [...none.slice(1), 5])]);
  assert.equal(verdict, 'inconclusive');
  assert.equal(reason, 'in 1 of 20 rounds a value is 0 or less, of which no ratio can be taken');
});

test('a histogram that cannot be read costs its round only', () => {
  const rounds = asLatencies(steady(20));
  const broken = rounds.map((round, index) =>
    round === null || index > 0
      ? round
      : { ...round, operations: round.operations.map((operation) => ({ ...operation, histogram: 'broken' })) },
  );
  assert.equal(only([withLatencies('a', rounds), withLatencies('b', broken)]).pairs, 19);
});

test('a workload is compared under each of its loads', () => {
  const loads = [
    { model: 'closed', concurrency: 1 },
    { model: 'closed', concurrency: 1, population: 50 },
    { model: 'open', ratePerSecond: 5, arrival: 'poisson' },
  ] as const;
  const results = loads.flatMap((load, index) => [
    withRates('a', steady(20), { load }),
    withRates('b', steady(20, 1 + index), { load }),
  ]);
  const found = compareTargets(results, { base: 'a', candidates: ['b'] });
  assert.deepEqual(
    found.map(({ load, verdict }) => [load, verdict]),
    [
      [loads[0], 'same'],
      [loads[1], 'faster'],
      [loads[2], 'faster'],
    ],
  );
});

test('the noise floor of a figure raises the threshold for other candidates', () => {
  // The same runtime is 6 % off itself; another one that is 5 % off is no different.
  const results = [withRates('a', steady(20)), withRates('twin', steady(20, 1.06)), withRates('b', steady(20, 1.05))];
  const options = { base: 'a', candidates: ['twin', 'b'] };
  const verdicts = (found: readonly Comparison[]): readonly string[] => found.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts(compareTargets(results, options)), ['faster', 'faster']);

  const found = compareTargets(results, { ...options, floors: new Map([['twin', 'two-daemons']]) });
  assert.deepEqual(verdicts(found), ['faster', 'same']);
  assert.deepEqual(
    found.map(({ floor, threshold }) => [floor, threshold.toFixed(3)]),
    [
      ['two-daemons', '0.025'],
      [undefined, '0.060'],
    ],
  );
});
