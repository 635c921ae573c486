import { setImmediate as turn, setTimeout as timer } from 'node:timers/promises';

const nsPerMs = 1e6;
/** Timers count whole milliseconds and come up to one late: what is left of a wait after the timer. */
const spinNs = 1_500_000;

/**
 * Waits until the monotonic clock (process.hrtime) shows `dueNs`, to some microseconds: the last stretch is spent turning the
 * event loop, so that other calls are served meanwhile.
 * @throws what the signal is aborted with.
 */
export async function waitUntil(dueNs: bigint, signal: AbortSignal): Promise<void> {
  for (;;) {
    const leftNs = Number(dueNs - process.hrtime.bigint());
    if (leftNs <= 0) return;
    const timerMs = Math.floor((leftNs - spinNs) / nsPerMs);
    if (timerMs >= 1) await timer(timerMs, undefined, { signal });
    else await turn(undefined, { signal });
  }
}
