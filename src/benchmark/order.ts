import { shuffled, splitMix64 } from './random.ts';

/**
 * In which order each round visits the items, round after round without end. Chance decides, so that no periodic disturbance always hits the same one;
 * and it is balanced, so that going first or last is nobody's lot: in every n consecutive rounds, counted from the first,
 * each of n items has each place once (a cyclic Latin square with its rows and its items shuffled); over any number of rounds
 * the counts differ by one at most.
 * @param seed the same seed gives the same orders
 */
export function* balancedOrders<T>(items: readonly T[], seed: number): Generator<readonly T[], void> {
  const random = splitMix64(BigInt(seed));
  while (items.length > 0) {
    const row = shuffled(items, random);
    const square = row.map((_, shift) => [...row.slice(shift), ...row.slice(0, shift)]);
    yield* shuffled(square, random);
  }
}
