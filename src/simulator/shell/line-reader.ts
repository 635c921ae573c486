import type { Input } from './input.ts';

/** Reads lines for a shell, which a signal may call away. */
export class LineReader {
  readonly #life: AbortSignal;
  #waiting = new AbortController();

  constructor(life: AbortSignal) {
    this.#life = life;
  }

  /** The next line, empty at the end; undefined when interrupted. @throws what `life` is aborted with. */
  async read(input: Input): Promise<Buffer | undefined> {
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    try {
      return await input.line(AbortSignal.any([this.#life, signal]));
    } catch (error) {
      this.#life.throwIfAborted();
      if (!signal.aborted) throw error;
      return undefined;
    }
  }

  interrupt(): void {
    this.#waiting.abort(new Error('interrupted'));
  }
}
