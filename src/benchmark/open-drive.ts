import type { LatencyHistogram as Histogram } from './latency-histogram.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { Schedule } from './schedule.ts';

/** An open load: iterations start when they are due, whether or not earlier ones have ended. */
export interface OpenDrive {
  readonly schedule: Schedule;
  /** A start that finds so many in flight is dropped, not made up for. */
  readonly mostInFlight: number;
  /** Whether to wait for the next start in a loop that uses a whole core, rather than by timers, which are late by up to 2 ms. */
  readonly spin: boolean;
  /** Starts no iteration after it aborts; those in flight are waited for. */
  readonly signal: AbortSignal;
  /** Must not throw for what the runtime does wrong: that would end the whole drive. */
  readonly iterate: (lagNs: number) => Promise<void>;
}

/** What became of the starts. */
export interface Starts {
  readonly started: number;
  readonly late: number;
  readonly dropped: number;
  /** How long after its time each iteration began. */
  readonly lag: Histogram;
  /** Starts a second over the time that they were spread over, which is longer when the last one was late. */
  readonly achievedPerSecond: number;
  /** Ends a second from the first to the last one: a runtime that does not keep up shows here. Null for fewer than two. */
  readonly endedPerSecond: number | null;
}

/** Later than this is told as late. */
const lateNs = 1e6;
/** A timer may be late by about so much, so the spinning pacer does not leave the last part of a pause to one. */
const timerLagMs = 2;

/**
 * Spinning, the event loop is given a turn every so often. Each turn leaves garbage, and collecting it makes starts late; an
 * answer waits for its turn no longer than a process that sleeps takes to wake up.
 */
const turnMs = 0.01;

/**
 * Runs an open load. Not by tinybench: its loop begins an iteration when another one has ended, so it cannot start one at a
 * time that is given beforehand, and its samples know nothing of when they ought to have begun.
 * @throws what an iteration throws
 */
export async function driveOpen(drive: OpenDrive): Promise<Starts> {
  const { schedule, mostInFlight, signal, iterate } = drive;
  const { offsetsNs, durationNs } = schedule;
  const lag = new LatencyHistogram();
  const beganAtMs = performance.now();
  const sinceBeginningNs = (): number => (performance.now() - beganAtMs) * 1e6;
  const inFlight = new Set<Promise<void>>();
  const defects: unknown[] = [];
  let [started, late, dropped, lastLagNs] = [0, 0, 0, 0];
  let [firstEndNs, lastEndNs] = [Infinity, -Infinity];

  const start = (lagNs: number): void => {
    if (inFlight.size >= mostInFlight) {
      dropped++;
      return;
    }
    started++;
    if (lagNs > lateNs) late++;
    lag.record(Math.round(lagNs));
    lastLagNs = lagNs;
    const iteration = iterate(lagNs)
      .catch((defect: unknown) => defects.push(defect))
      .then(() => {
        lastEndNs = sinceBeginningNs();
        firstEndNs = Math.min(firstEndNs, lastEndNs);
        inFlight.delete(iteration);
      });
    inFlight.add(iteration);
  };

  let next = 0;
  await paced(drive, () => {
    for (; next < offsetsNs.length && !signal.aborted && defects.length === 0; next++) {
      const dueNs = offsetsNs[next] ?? 0;
      const nowNs = sinceBeginningNs();
      if (nowNs < dueNs) return (dueNs - nowNs) / 1e6;
      start(nowNs - dueNs);
    }
    return null;
  });
  while (inFlight.size > 0) await Promise.all(inFlight);
  if (defects.length > 0) throw defects[0];
  const achievedPerSecond = started / ((durationNs + lastLagNs) / 1e9);
  const endedPerSecond = started < 2 ? null : (started - 1) / ((lastEndNs - firstEndNs) / 1e9);
  return { started, late, dropped, lag, achievedPerSecond, endedPerSecond };
}

/**
 * Calls `step` until it returns null; what it returns otherwise is after how many ms it wants to be called again. Spinning
 * goes through the event loop, so answers are read meanwhile.
 */
async function paced({ spin, signal }: OpenDrive, step: () => number | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const go = (): void => {
      try {
        const waitMs = step();
        if (waitMs === null) end();
        else if (!spin) timer = setTimeout(go, Math.ceil(waitMs));
        else if (waitMs > timerLagMs + 1) timer = setTimeout(go, Math.floor(waitMs - timerLagMs));
        else {
          idle(Math.min(waitMs, turnMs));
          setImmediate(go);
        }
      } catch (error) {
        signal.removeEventListener('abort', end);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    go();
  });
}

/** Reading the clock leaves garbage, too, so most of the time is passed by looking at something that does not change. */
const nothing = new Int32Array(new SharedArrayBuffer(4));
const looksBetweenClocks = 250;

function idle(ms: number): void {
  const until = performance.now() + ms;
  do {
    for (let look = 0; look < looksBetweenClocks; look++) Atomics.load(nothing, 0);
  } while (performance.now() < until);
}
