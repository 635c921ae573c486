const originNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
let lastNs = 0n;

/**
 * Nanoseconds since the epoch. Never the same twice and never backwards, also when somebody sets the wall clock, so that
 * created_at < started_at < finished_at holds however fast a container is.
 */
export function nowNs(): bigint {
  const ns = originNs + process.hrtime.bigint();
  lastNs = ns > lastNs ? ns : lastNs + 1n;
  return lastNs;
}

/** RFC3339 in UTC with nine fractional digits, the time stamp of CRI log records. */
export function rfc3339Nano(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
}
