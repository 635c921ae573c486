import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { OperationRound } from '../model/workload.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { Recorder } from './recorder.ts';
import { summarise } from './summary.ts';

/** Latencies from a nanosecond to ten minutes, small and large ones alike. */
const latency = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 600 }).map((s) => s * 1_000_000_000),
  fc.double({ min: 0, max: 11, noNaN: true }).map((exponent) => Math.round(10 ** exponent)),
);
const latencies = fc.array(latency, { maxLength: 500 });

function roundOf(durationsNs: readonly number[], failures = 0): OperationRound {
  const recorder = new Recorder(['X'], 'closed');
  for (const durationNs of durationsNs) recorder.succeeded('X', durationNs);
  for (let failure = 0; failure < failures; failure++) recorder.failed('X', new Error('no'));
  const [round] = recorder.operations;
  assert.ok(round);
  return round;
}

/** The value that a share of the sorted values does not exceed, by nearest rank. */
function nearestRank(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length - 1e-9) - 1)] ?? NaN;
}

test('percentiles are those of the exact sorted samples to 0.1 %, extremes and counts are exact', () => {
  fc.assert(
    fc.property(fc.array(latency, { minLength: 368, maxLength: 800 }), (durationsNs) => {
      const sorted = durationsNs.toSorted((a, b) => a - b);
      const summary = summarise('X', [roundOf(durationsNs)]);
      assert.equal(summary.count, sorted.length);
      assert.equal(summary.maxNs, sorted.at(-1));
      assert.equal(summary.quantiles[0]?.valueNs, sorted[0]);
      const percentiles = [
        [0.5, summary.p50Ns],
        [0.9, summary.p90Ns],
        [0.99, summary.p99Ns],
      ] as const;
      for (const [quantile, found] of percentiles) {
        const exact = nearestRank(sorted, quantile);
        assert.ok(found !== null && Math.abs(found - exact) <= exact / 1000, `${String(found)} for ${String(exact)}`);
      }
    }),
    { numRuns: 50 },
  );
});

test('rounds merge into what one round of all their samples would be', () => {
  fc.assert(
    fc.property(fc.array(latencies, { maxLength: 4 }), (rounds) => {
      const merged = summarise(
        'X',
        rounds.map((durationsNs) => roundOf(durationsNs)),
      );
      assert.deepEqual(merged, summarise('X', [roundOf(rounds.flat())]));
    }),
    { numRuns: 50 },
  );
});

test('a percentile that the samples cannot bound is null', () => {
  const of = (count: number) => summarise('X', [roundOf(Array.from({ length: count }, (_, at) => at + 1))]);
  assert.deepEqual([of(5).p50Ns, of(6).p50Ns === null], [null, false]);
  assert.deepEqual([of(35).p90Ns, of(36).p90Ns === null], [null, false]);
  assert.deepEqual([of(367).p99Ns, of(368).p99Ns === null], [null, false]);
});

test('failures are counted and are in no latency', () => {
  const summary = summarise('X', [roundOf([], 3), roundOf([7], 1)]);
  assert.deepEqual([summary.count, summary.failures, summary.maxNs], [1, 4, 7]);
  const nothing = summarise('X', [roundOf([], 3)]);
  assert.deepEqual([nothing.count, nothing.maxNs, nothing.p50Ns, nothing.quantiles], [0, null, null, []]);
});

test('the points for pictures rise from the least to the greatest, at most 200, every sample when there are few', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 450 }), (durationsNs) => {
      const sorted = durationsNs.toSorted((a, b) => a - b);
      const { quantiles } = summarise('X', [roundOf(durationsNs)]);
      assert.ok(quantiles.length <= 200);
      assert.deepEqual(quantiles[0], { quantile: 0, valueNs: sorted[0] });
      assert.deepEqual(quantiles.at(-1), { quantile: 1, valueNs: sorted.at(-1) });
      for (const [at, point] of quantiles.entries()) {
        const before = quantiles[at - 1];
        assert.ok(before === undefined || (before.quantile < point.quantile && before.valueNs <= point.valueNs));
      }
      // Below 2048 ns every bucket of the histogram holds one value only.
      if (sorted.length >= 2 && sorted.length <= 200) {
        assert.deepEqual(
          quantiles.map(({ valueNs }) => valueNs),
          sorted,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('a histogram is read by any tool for HdrHistogram V2, and a latency beyond its range keeps its exact maximum', () => {
  const histogram = new LatencyHistogram();
  histogram.record(88_000_000);
  histogram.record(9e12);
  const decoded = decodeFromCompressedBase64(histogram.toBase64());
  assert.equal(decoded.totalCount, 2);
  assert.equal(decoded.numberOfSignificantValueDigits, 3);
  assert.equal(histogram.maxNs, 9e12);
  assert.equal(histogram.valueAtNs(1), 9e12);
});
