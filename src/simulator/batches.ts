/** How many items a message of a list stream holds at most. */
const batchSize = 100;

/**
 * A list as the Stream… RPCs answer it: every item once, no empty message. The list is taken when reading begins, whole, so
 * that it is the same as its unary twin's at that moment.
 */
export async function* inBatches<T, M>(list: () => readonly T[], message: (batch: T[]) => M): AsyncGenerator<M> {
  const items = await Promise.resolve(list());
  for (let at = 0; at < items.length; at += batchSize) yield message(items.slice(at, at + batchSize));
}
