import { normalQuantile } from './normal.ts';
import { cumulate, greatestWithin } from './signed-rank.ts';

/** Up to so many values on each side the null distribution is exact; beyond it is all but normal. */
const mostExact = 50;

/**
 * The greatest value that the Mann-Whitney statistic U of two samples does not exceed with more than this probability when
 * both come from one distribution; -1 when even 0 is likelier (H. B. Mann, D. R. Whitney, On a test of whether one of two
 * random variables is stochastically larger than the other, Annals of Mathematical Statistics 18, 1947, with its recursion).
 * @param tail probability on one side, for example 0.025
 */
export function rankSumQuantile(first: number, second: number, tail: number): number {
  if (first > mostExact || second > mostExact) {
    const mean = (first * second) / 2;
    const deviation = Math.sqrt((mean * (first + second + 1)) / 6);
    return Math.floor(mean + normalQuantile(tail) * deviation - 0.5);
  }
  return greatestWithin(cumulative(Math.min(first, second), Math.max(first, second)), tail);
}

const known = new Map<string, Float64Array>();

/** P(U <= u) for each u. */
function cumulative(first: number, second: number): Float64Array {
  const key = `${String(first)},${String(second)}`;
  const found = known.get(key);
  if (found) return found;
  // The greatest value of all is from the first sample with probability i/(i+j), and then exceeds all j of the second.
  let row = Array.from({ length: second + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= first; i++) {
    const above = row;
    row = [Float64Array.of(1)];
    for (let j = 1; j <= second; j++) {
      const probabilities = new Float64Array(i * j + 1);
      for (const [u, p] of (above[j] ?? []).entries()) {
        probabilities[u + j] = (probabilities[u + j] ?? 0) + (p * i) / (i + j);
      }
      for (const [u, p] of (row[j - 1] ?? []).entries()) {
        probabilities[u] = (probabilities[u] ?? 0) + (p * j) / (i + j);
      }
      row.push(probabilities);
    }
  }
  const cumulated = cumulate(row[second] ?? new Float64Array());
  known.set(key, cumulated);
  return cumulated;
}
