/** Probability with which the true quantile may lie beyond one end of its two-sided 95 % interval. */
const tail = 0.025;

/**
 * How many samples it takes until a quantile can be bounded on both sides by samples, at 95 % confidence whatever the
 * distribution: 6 for the median, 36 for p90, 368 for p99.
 *
 * The interval between two order statistics holds the quantile q with a probability that only the binomial distribution
 * decides (H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1). All n samples lie below the quantile
 * with probability qⁿ, and above it with (1-q)ⁿ; as long as one of them exceeds 2.5 % there is no sample that could be that
 * end of the interval, and the "percentile" would be little more than the largest sample. The rule takes samples to be
 * independent; where they are not, more are needed, never fewer.
 * @param quantile between 0 and 1, both excluded
 */
export function samplesToBound(quantile: number): number {
  return Math.ceil(Math.log(tail) / Math.log(Math.max(quantile, 1 - quantile)));
}
