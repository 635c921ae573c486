/**
 * What is published goes to everybody who listens at that time, in the same order, nothing lost. A listener that does not
 * keep up has its messages waiting in memory.
 */
export class Broadcast<T> {
  readonly #listeners = new Set<(message: T) => void>();

  publish(message: T): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** Listens from now on, not from the first read, until the signal is aborted; the messages can be read once. */
  subscribe(signal: AbortSignal): AsyncIterable<T> {
    const waiting: T[] = [];
    let wake = (): void => undefined;
    const listener = (message: T): void => {
      waiting.push(message);
      wake();
    };
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => {
      this.#listeners.delete(listener);
      wake();
    });
    return (async function* () {
      while (!signal.aborted) {
        const message = waiting.shift();
        if (message !== undefined) yield message;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    })();
  }
}
