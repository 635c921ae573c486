import { rankSumQuantile } from './rank-sum.ts';
import { signedRankQuantile } from './signed-rank.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How far values are shifted, with what is known about it. */
export interface Shift {
  readonly estimate: number;
  /**
   * The interval that misses the true shift with this probability (0.05 for 95 % confidence), both sides together; null when
   * there are too few values to be that sure of anything.
   */
  readonly interval: (level: number) => Interval | null;
}

/** @param low and high as many places from either end of the ordered values */
type Place = (tail: number) => number;

/**
 * The centre of differences: the estimate of Hodges and Lehmann (the median of the means of all pairs, each with itself
 * too) and the interval that belongs to Wilcoxon's signed-rank test (J. L. Hodges, E. L. Lehmann, Estimates of location based
 * on rank tests, Annals of Mathematical Statistics 34, 1963; M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods,
 * 2nd ed. 1999, sections 3.2 and 3.3). Both assume differences that are symmetric about their centre, not normal ones.
 * Differences that are zero or alike need no care: they make the interval err on the safe side only.
 * @param widening what the interval's arms are multiplied by, for differences that are not independent (`wideningOf`)
 * @throws RangeError when there is no difference
 */
export function pairedShift(differences: readonly number[], widening = 1): Shift {
  const n = differences.length;
  const means = new Float64Array((n * (n + 1)) / 2);
  let next = 0;
  for (const [index, one] of differences.entries()) {
    for (let other = 0; other <= index; other++) means[next++] = (one + (differences[other] ?? one)) / 2;
  }
  return shiftOf(means, (tail) => signedRankQuantile(n, tail), widening);
}

/**
 * How far the candidate's values lie above the base's: the median of all differences between one of either, and the
 * interval that belongs to the Mann-Whitney test (Hodges and Lehmann as above; Hollander and Wolfe, sections 4.2 and 4.3).
 * @throws RangeError when either has no value
 */
export function unpairedShift(base: readonly number[], candidate: readonly number[], widening = 1): Shift {
  const differences = Float64Array.from(candidate.flatMap((above) => base.map((below) => above - below)));
  return shiftOf(differences, (tail) => rankSumQuantile(base.length, candidate.length, tail), widening);
}

function shiftOf(values: Float64Array, place: Place, widening: number): Shift {
  values.sort();
  const last = values.length - 1;
  const at = (index: number): number => {
    const value = values[index];
    if (value === undefined) throw new RangeError('no values have no shift');
    return value;
  };
  const estimate = (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2;
  return {
    estimate,
    interval: (level) => {
      const index = place(level / 2);
      if (index < 0) return null;
      return {
        low: estimate - (estimate - at(index)) * widening,
        high: estimate + (at(last - index) - estimate) * widening,
      };
    },
  };
}

/** The least number of paired differences of which an interval is that sure: all on one side have probability 2/2ⁿ. */
export function leastPairs(level: number): number {
  return Math.ceil(1 - Math.log2(level));
}
