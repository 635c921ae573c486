import { shuffled, splitMix64 } from './random.ts';

/**
 * In which order each round visits the items. Chance decides, so that no periodic disturbance always hits the same one;
 * and it is balanced, so that going first or last is nobody's lot: in every n consecutive rounds, counted from the first,
 * each of n items has each place once (a cyclic Latin square with its rows and its items shuffled); over any number of rounds
 * the counts differ by one at most.
 * @param seed the same seed gives the same orders
 */
export function balancedOrders<T>(items: readonly T[], rounds: number, seed: number): readonly (readonly T[])[] {
  const random = splitMix64(BigInt(seed));
  const orders: (readonly T[])[] = [];
  while (items.length > 0 && orders.length < rounds) {
    const row = shuffled(items, random);
    const square = row.map((_, shift) => [...row.slice(shift), ...row.slice(0, shift)]);
    orders.push(...shuffled(square, random));
  }
  return orders.slice(0, rounds);
}
