import { normalQuantile } from './normal.ts';

/** Up to so many differences the null distribution is exact; beyond it is all but normal. */
const mostExact = 50;

/** Room for rounding where a tail is a probability of the distribution exactly. */
const rounding = 1 + 1e-9;

/**
 * The greatest value that Wilcoxon's signed-rank statistic of so many differences does not exceed with more than this
 * probability when they lie symmetrically about zero; -1 when even 0 is likelier (F. Wilcoxon, Individual comparisons by
 * ranking methods, Biometrics Bulletin 1, 1945; the distribution by the recursion in M. Hollander, D. A. Wolfe,
 * Nonparametric Statistical Methods, 2nd ed. 1999, section 3.1).
 * @param tail probability on one side, for example 0.025
 */
export function signedRankQuantile(differences: number, tail: number): number {
  if (differences > mostExact) {
    const mean = (differences * (differences + 1)) / 4;
    const deviation = Math.sqrt((mean * (2 * differences + 1)) / 6);
    return Math.floor(mean + normalQuantile(tail) * deviation - 0.5);
  }
  return greatestWithin(cumulative(differences), tail);
}

/** The last index whose cumulated probability is within the tail; -1 when there is none. */
export function greatestWithin(cumulated: Float64Array, tail: number): number {
  const beyond = cumulated.findIndex((probability) => probability > tail * rounding);
  return (beyond < 0 ? cumulated.length : beyond) - 1;
}

const known = new Map<number, Float64Array>();

/** P(T <= t) for each t. */
function cumulative(differences: number): Float64Array {
  const found = known.get(differences);
  if (found) return found;
  // Each rank counts or does not, by the toss of a coin.
  let probabilities = Float64Array.of(1);
  for (let rank = 1; rank <= differences; rank++) {
    const before = probabilities;
    probabilities = new Float64Array(before.length + rank);
    for (const [sum, probability] of before.entries()) {
      probabilities[sum] = (probabilities[sum] ?? 0) + probability / 2;
      probabilities[sum + rank] = probability / 2;
    }
  }
  const cumulated = cumulate(probabilities);
  known.set(differences, cumulated);
  return cumulated;
}

/** Running sums. */
export function cumulate(probabilities: Float64Array): Float64Array {
  let sum = 0;
  return probabilities.map((probability) => (sum += probability));
}
