import type { CriClient } from '../cri/client.ts';
import type { CallOptions } from '../cri/service.ts';

type Calls = Readonly<Record<string, (request: never, options?: CallOptions) => unknown>>;

/**
 * A client whose calls all end, with Canceled, when the signal aborts. Case bodies ask without a signal of their own; a call
 * that the runtime never answers would otherwise hold a case past its time, and an interrupted run past its clean-up.
 */
export function endedBy(client: CriClient, signal: AbortSignal): CriClient {
  return {
    ...client,
    runtime: bound(client.runtime, signal),
    image: bound(client.image, signal),
    observedBy: (observer) => endedBy(client.observedBy(observer), signal),
  };
}

/** The calls keep their types: only an option is added to each. */
function bound<T extends object>(calls: T, signal: AbortSignal): T {
  const ended = Object.entries(calls as Calls).map(([rpc, call]) => [
    rpc,
    (request: never, options: CallOptions = {}) =>
      call(request, { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal }),
  ]);
  return Object.fromEntries(ended) as T;
}
