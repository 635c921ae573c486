import { setTimeout as delay } from 'node:timers/promises';

/** Timers hold no more than 2^31-1 ms, some 25 days. */
export const longestTimerMs = 2_147_483_647;

/**
 * Whether a promise is fulfilled within `ms`. Rejects as the promise does, and when the signal is aborted first.
 */
export async function endsWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  const settled = new AbortController();
  const timeOut = delay(Math.min(ms, longestTimerMs), false, { signal: AbortSignal.any([signal, settled.signal]) });
  try {
    return await Promise.race([promise.then(() => true), timeOut]);
  } finally {
    settled.abort();
  }
}
