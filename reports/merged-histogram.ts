import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { samplesToBound } from '../src/statistics/percentile-bound.ts';

/** Width of a bucket's counter. */
const counterBits = 32;

/** The histograms of all rounds together. */
export interface MergedHistogram {
  readonly count: number;
  readonly maxNs: number;
  /** By nearest rank; null where the samples cannot bound the quantile. */
  readonly boundedNs: (quantile: number) => number | null;
}

/** Null when there is none, nothing is in them, or one of them cannot be read: result files come from anywhere. */
export function mergeHistograms(histograms: readonly string[]): MergedHistogram | null {
  const [first, ...more] = histograms;
  if (first === undefined) return null;
  try {
    const all = decodeFromCompressedBase64(first, counterBits);
    for (const histogram of more) all.add(decodeFromCompressedBase64(histogram, counterBits));
    if (all.totalCount === 0) return null;
    return {
      count: all.totalCount,
      maxNs: all.maxValue,
      boundedNs: (quantile) =>
        all.totalCount < samplesToBound(quantile) ? null : all.getValueAtPercentile(quantile * 100),
    };
  } catch {
    return null;
  }
}
