import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { OperationRound } from '../model/workload.ts';

/** Width of a bucket's counter. */
const counterBits = 32;

/**
 * The median latency of an operation in a round, in ns, by nearest rank; null when no call succeeded, or when the histogram
 * cannot be read: result files come from anywhere.
 */
export function histogramMedianNs({
  count,
  histogram,
  minNs,
  maxNs,
}: Pick<OperationRound, 'count' | 'histogram' | 'minNs' | 'maxNs'>): number | null {
  if (count === 0) return null;
  try {
    const medianNs = decodeFromCompressedBase64(histogram, counterBits).getValueAtPercentile(50);
    // A bucket's edge may lie outside of what was measured.
    return Math.min(Math.max(medianNs, minNs ?? medianNs), maxNs ?? medianNs);
  } catch {
    return null;
  }
}
