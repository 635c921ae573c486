import type { Exchange } from './exchange.ts';

/** setTimeout takes no more. */
const longestMs = 2_147_483_647;

/**
 * Ends calls at their deadlines, with one timer for all: set to the earliest one that was seen, it looks through the calls
 * that are not over when it fires. Deadlines are minutes away as a rule, so calls cost next to nothing here.
 */
export class DeadlineWatch {
  readonly #calls: () => Iterable<Exchange>;
  #timer: NodeJS.Timeout | undefined;
  #nextAtMs = Infinity;

  constructor(calls: () => Iterable<Exchange>) {
    this.#calls = calls;
  }

  add({ deadlineAtMs }: Exchange): void {
    if (deadlineAtMs < this.#nextAtMs) this.#setTo(deadlineAtMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#nextAtMs = Infinity;
  }

  #setTo(deadlineAtMs: number): void {
    clearTimeout(this.#timer);
    this.#nextAtMs = deadlineAtMs;
    const inMs = Math.min(Math.max(1, Math.ceil(deadlineAtMs - performance.now())), longestMs);
    // The calls' own sockets keep the process alive; a time that outlives them must not.
    this.#timer = setTimeout(this.#look, inMs).unref();
  }

  readonly #look = (): void => {
    this.#nextAtMs = Infinity;
    const nowMs = performance.now();
    let nextAtMs = Infinity;
    for (const exchange of [...this.#calls()]) {
      if (exchange.deadlineAtMs > nowMs) {
        nextAtMs = Math.min(nextAtMs, exchange.deadlineAtMs);
      } else {
        const details = `Deadline exceeded after ${(exchange.call.timeoutMs / 1000).toFixed(3)}s`;
        exchange.cancel({ code: 'DeadlineExceeded', details });
      }
    }
    if (nextAtMs !== Infinity) this.#setTo(nextAtMs);
  };
}
