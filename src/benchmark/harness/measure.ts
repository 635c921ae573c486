import type { Caller } from './caller.ts';

/** What one process measured with so many calls in flight all the time. */
export interface Measured {
  readonly calls: number;
  readonly errors: number;
  readonly callsPerSecond: number;
  /** Of the caller's wait, the event loop's and the promise's share included; null where it cannot be told. */
  readonly p50Us: number | null;
  /** Of the calling process, user and system; null when no call was answered. */
  readonly cpuPerCallUs: number | null;
}

export interface Load {
  readonly inFlight: number;
  readonly durationMs: number;
}

/** After so many calls V8 has optimised what they run through, for good; slower callers stop after so much time. */
const warmUpCalls = 100_000;
const longestWarmUpMs = 4_000;

/** Calls in a closed loop, first to warm up, then with clocks. */
export async function measure(caller: Caller, { inFlight, durationMs }: Load): Promise<Measured> {
  const endOfWarmUpMs = performance.now() + Math.min(longestWarmUpMs, 4 * durationMs);
  for (let calls = 0; calls < warmUpCalls && performance.now() < endOfWarmUpMs;) {
    const { latenciesUs } = await drive(caller, inFlight, durationMs / 2);
    calls += latenciesUs.length;
  }
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  const { latenciesUs, errors } = await drive(caller, inFlight, durationMs);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const calls = latenciesUs.length;
  latenciesUs.sort((a, b) => a - b);
  return {
    calls,
    errors,
    callsPerSecond: calls / seconds,
    p50Us: latenciesUs[Math.floor(calls / 2)] ?? null,
    cpuPerCallUs: calls === 0 ? null : (user + system) / calls,
  };
}

async function drive(
  caller: Caller,
  inFlight: number,
  durationMs: number,
): Promise<{ readonly latenciesUs: number[]; readonly errors: number }> {
  const latenciesUs: number[] = [];
  let errors = 0;
  const endMs = performance.now() + durationMs;
  const loop = async (): Promise<void> => {
    let nowMs = performance.now();
    while (nowMs < endMs) {
      const answered = await caller.call();
      const doneMs = performance.now();
      if (answered) latenciesUs.push((doneMs - nowMs) * 1000);
      else errors++;
      nowMs = doneMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return { latenciesUs, errors };
}
