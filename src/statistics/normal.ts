/**
 * The standard normal distribution function, to some 14 digits between -8 and 8, by the series of M. Abramowitz,
 * I. A. Stegun, Handbook of Mathematical Functions (1964), 26.2.11.
 */
export function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let term = x;
  let sum = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

/**
 * The value that a standard normal variable does not exceed with this probability.
 * @param probability between 1e-12 and 1 - 1e-12
 */
export function normalQuantile(probability: number): number {
  let [low, high] = [-8, 8];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
