import { isDeepStrictEqual } from 'node:util';

/** In which order lists have what was created one after the other; only an order that all of them keep is one. */
export function orderOf(
  created: readonly string[],
  lists: readonly (readonly { readonly id: string }[])[],
): 'oldest first' | 'newest first' | 'none' {
  const all = (order: readonly string[]): boolean =>
    lists.every((list) =>
      isDeepStrictEqual(
        list.map(({ id }) => id),
        order,
      ),
    );
  if (all(created)) return 'oldest first';
  return all([...created].reverse()) ? 'newest first' : 'none';
}
