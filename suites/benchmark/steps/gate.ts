/** A place where so many wait for each other; once they have gone on together it is there for the next. */
export class Gate {
  readonly #places: number;
  readonly #signal: AbortSignal;
  #waiting: (() => void)[] = [];

  /** @param signal when it aborts nobody waits any longer: `wait` throws its reason */
  constructor(places: number, signal: AbortSignal) {
    this.#places = places;
    this.#signal = signal;
  }

  async wait(): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#waiting.length + 1 === this.#places) {
      for (const go of this.#waiting.splice(0)) go();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        reject(this.#signal.reason instanceof Error ? this.#signal.reason : new Error(String(this.#signal.reason)));
      };
      this.#signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(() => {
        this.#signal.removeEventListener('abort', abort);
        resolve();
      });
    });
  }
}
