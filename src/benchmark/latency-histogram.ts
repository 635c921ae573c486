import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { OperationRound } from '../model/workload.ts';

/** What one call may take and still be told apart from a longer one: an hour, well above every deadline. */
const longestNs = 3_600e9;

/** One latency stands for no more than so many that were not taken; with fewer the picture is the same. */
const mostMissing = 100_000;

/** Width of a bucket's counter, for building and decoding alike. */
const counterBits = 32;

/**
 * Latencies in ns as an HdrHistogram with 3 significant digits (a value is off by at most 0.1 %), which takes 140 kB however
 * many there are; beside it the exact least and greatest, for a bucket's edge would be told instead.
 */
export class LatencyHistogram {
  readonly #histogram = build({
    bitBucketSize: counterBits,
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestNs,
    numberOfSignificantValueDigits: 3,
  });
  #minNs = Infinity;
  #maxNs = -Infinity;

  /** @param durationNs a whole number of ns; what is longer than an hour is counted there, and exact in `maxNs` only */
  record(durationNs: number): void {
    this.#histogram.recordValue(Math.min(durationNs, longestNs));
    this.#widen(durationNs, durationNs);
  }

  /** Adds the latencies of a round, as a result file holds them; merging loses nothing. */
  add({ histogram, minNs, maxNs }: Pick<OperationRound, 'histogram' | 'minNs' | 'maxNs'>): void {
    this.#histogram.add(decodeFromCompressedBase64(histogram, counterBits));
    if (minNs !== null && maxNs !== null) this.#widen(minNs, maxNs);
  }

  /** Adds values that nothing but their histogram is known of; the extremes are then those of its buckets. */
  addEncoded(histogram: string): void {
    const decoded = decodeFromCompressedBase64(histogram, counterBits);
    this.#histogram.add(decoded);
    if (decoded.totalCount > 0) this.#widen(decoded.getValueAtPercentile(0), decoded.maxValue);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** Null when there is none. */
  get minNs(): number | null {
    return this.count === 0 ? null : this.#minNs;
  }

  get maxNs(): number | null {
    return this.count === 0 ? null : this.#maxNs;
  }

  /** The latency that so much of all (0 to 1) does not exceed, by nearest rank; 0 and 1 are the exact least and greatest. */
  valueAtNs(quantile: number): number {
    if (quantile <= 0) return this.#minNs;
    if (quantile >= 1) return this.#maxNs;
    return Math.min(Math.max(this.#histogram.getValueAtPercentile(quantile * 100), this.#minNs), this.#maxNs);
  }

  /**
   * The latency that so much of all would not have exceeded had callers come at a steady interval instead of waiting for each
   * other: every latency longer than the interval stands for those that would have begun meanwhile (G. Tene's correction for
   * coordinated omission, as HdrHistogram does it).
   */
  steadyValueAtNs(quantile: number, intervalNs: number): number {
    const leastNs = this.#maxNs / mostMissing;
    return this.#histogram
      .copyCorrectedForCoordinatedOmission(Math.max(intervalNs, leastNs))
      .getValueAtPercentile(quantile * 100);
  }

  /** V2 compressed, base64: what every HdrHistogram tool reads. */
  toBase64(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  #widen(minNs: number, maxNs: number): void {
    this.#minNs = Math.min(this.#minNs, minNs);
    this.#maxNs = Math.max(this.#maxNs, maxNs);
  }
}
