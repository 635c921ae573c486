/**
 * Reads rates such as 5 or 0.5,2,10 a second.
 * @throws Error on anything else
 */
export function readRates(text: string): readonly number[] {
  return text.split(',').map((one) => {
    const rate = readDecimal(one.trim());
    if (rate === null || rate <= 0) throw new Error(`'${one}' is not a number of iterations a second such as 5 or 0.5`);
    return rate;
  });
}

/**
 * Reads a share such as 5% or 0.5%.
 * @throws Error on anything else, and on none or all of it
 */
export function readPercent(text: string): number {
  const percent = readDecimal(text.trim().replace(/%$/, ''));
  if (percent === null || percent <= 0 || percent >= 100) throw new Error(`'${text}' is not a percentage such as 5%`);
  return percent / 100;
}

function readDecimal(text: string): number | null {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}
