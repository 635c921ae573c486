import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Length of one look at the machine, in ms; the kernel counts in steps of 10 ms of each CPU. */
const windowMs = 50;
/** A machine on which no more than this part of one CPU is busy, all CPUs together, is at rest. */
const restingCpus = 0.3;
/** Without /proc/stat nobody can tell; then a pause of this length must do. */
const blindPauseMs = 200;
/** Unit of /proc/stat: USER_HZ is 100 on every platform that Node runs on (proc(5)). */
const tickMs = 10;

/**
 * Waits until the machine has settled before a visit. A runtime goes on working after it has answered (shims end, cgroups and
 * mounts go, memory is given back), and one target's aftermath must not be measured as another one's work. It looks at the
 * machine's busy time in windows of 50 ms and waits for one in which hardly more than nothing was done, at most for the
 * bound. Where something else keeps the machine busy all the time, waiting does not help and is not repeated in vain: the
 * level that a wait which ran to its bound has seen counts as rest from then on, until less is seen.
 */
export class Settling {
  readonly #boundMs: number;
  readonly #busyMs: () => number | undefined;
  #background = restingCpus;

  /** @param busyMs CPU time that the machine has spent so far, all CPUs together, in ms; undefined where it does not tell */
  constructor(boundMs: number, busyMs: () => number | undefined = machineBusyMs) {
    this.#boundMs = boundMs;
    this.#busyMs = busyMs;
  }

  async settle(signal: AbortSignal): Promise<void> {
    const beganAt = performance.now();
    const seen: number[] = [];
    for (let leftMs = this.#boundMs; leftMs > 0; leftMs = this.#boundMs - (performance.now() - beganAt)) {
      const busyBefore = this.#busyMs();
      if (busyBefore === undefined) {
        await sleep(Math.min(blindPauseMs, leftMs), signal);
        return;
      }
      const windowBeganAt = performance.now();
      await sleep(Math.min(windowMs, leftMs), signal);
      if (signal.aborted) return;
      const cpus = ((this.#busyMs() ?? busyBefore) - busyBefore) / (performance.now() - windowBeganAt);
      seen.push(cpus);
      if (cpus <= this.#background) {
        this.#background = Math.max(restingCpus, (this.#background + cpus) / 2);
        return;
      }
    }
    const sorted = seen.sort((a, b) => a - b);
    this.#background = Math.max(restingCpus, sorted[Math.floor(sorted.length / 2)] ?? restingCpus);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

/** user, nice, system, irq, softirq and steal of all CPUs together; idle and iowait are rest. */
function machineBusyMs(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/stat', 'latin1');
  } catch {
    return undefined;
  }
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = text
    .slice(0, text.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * tickMs;
}
