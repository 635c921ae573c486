/**
 * The longest that each of many texts may be so that all of them together stay within a budget: short ones stay whole,
 * and what they leave goes to the long ones.
 */
export function longestWithin(lengths: readonly number[], budget: number): number {
  const ascending = lengths.toSorted((a, b) => a - b);
  let left = budget;
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (length > share) return share;
    left -= length;
  }
  return budget;
}
