const golden = 0x9e3779b97f4a7c15n;

/**
 * SplitMix64: a sequence of 64-bit numbers that a seed decides (G. L. Steele, D. Lea, C. H. Flood, Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014, figure 17 for the mixing).
 */
export function splitMix64(seed: bigint): () => bigint {
  let state = BigInt.asUintN(64, seed);
  return () => {
    state = BigInt.asUintN(64, state + golden);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
}

/** The items in an order that the generator decides, each order as likely as any other. */
export function shuffled<T>(items: readonly T[], random: () => bigint): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
