import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

/** Lag is seen by a timer of this period. */
const periodMs = 5;
const primeWithinMs = 50;

export interface EventLoopLag {
  readonly p99Ns: number;
  readonly maxNs: number;
}

/** Watches how late the event loop turns, from the moment that the promise is kept. */
export async function watchEventLoop(): Promise<{ readonly stop: () => Promise<EventLoopLag | undefined> }> {
  const delays = monitorEventLoopDelay({ resolution: periodMs });
  delays.enable();
  // It compares each tick with the one before, so that nothing is seen until two have gone by.
  const until = performance.now() + primeWithinMs;
  while (delays.count === 0 && performance.now() < until) await pause(1);
  return {
    stop: async () => {
      // A loop that was blocked until now owes its last tick: one whole turn of it goes through the timers.
      await turn();
      await turn();
      delays.disable();
      if (delays.count === 0) return undefined;
      // What it records is the time from tick to tick, not by how much that is too long.
      const late = (ns: number): number => Math.max(0, ns - periodMs * 1e6);
      return { p99Ns: late(delays.percentile(99)), maxNs: late(delays.max) };
    },
  };
}
