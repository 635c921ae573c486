/** A handler that answers without waiting for anything, as one that answers a promise: what it throws becomes a rejection. */
export function promised<Q, C, R>(
  handle: (request: Q, context: C) => R | Promise<R>,
): (request: Q, context: C) => Promise<R> {
  return async (request, context) => handle(request, context);
}
