/**
 * What a process reads: its standard input, a pipe or a connection. Bytes come in time and are read once, in order, by whoever
 * reads first; what comes while nobody reads waits in memory.
 */
export class Input {
  readonly #waiting: Buffer[] = [];
  readonly #readers = new Set<() => void>();
  #ended = false;

  /** An input that holds these bytes and nothing after them. */
  static of(bytes: Uint8Array): Input {
    const input = new Input();
    input.push(bytes);
    input.end();
    return input;
  }

  push(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return;
    this.#waiting.push(Buffer.from(bytes));
    this.#wake();
  }

  /** The end for one reader, as a terminal gives it on Ctrl-D: who reads after that one reads on. */
  endOnce(): void {
    if (this.#ended) return;
    this.#waiting.push(Buffer.alloc(0));
    this.#wake();
  }

  /** Nothing comes after what is there already. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next bytes, at least one; undefined at the end. @throws what the signal is aborted with. */
  async next(signal: AbortSignal): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece) return piece.length === 0 ? undefined : piece;
      if (this.#ended) return undefined;
      await this.#arrival(signal);
    }
  }

  /** Everything up to the end. */
  async all(signal: AbortSignal): Promise<Buffer> {
    return this.upTo(Infinity, signal);
  }

  /** The next `sizeBytes` bytes, fewer at the end. */
  async upTo(sizeBytes: number, signal: AbortSignal): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let left = sizeBytes;
    while (left > 0) {
      const piece = await this.next(signal);
      if (!piece) break;
      pieces.push(piece.subarray(0, left));
      if (piece.length > left) this.#waiting.unshift(piece.subarray(left));
      left -= Math.min(left, piece.length);
    }
    return Buffer.concat(pieces);
  }

  /** The next line with its newline, which only a last line may lack; empty at the end. When aborted, nothing is lost. */
  async line(signal: AbortSignal): Promise<Buffer> {
    const pieces: Buffer[] = [];
    try {
      for (let piece = await this.next(signal); piece; piece = await this.next(signal)) {
        const end = piece.indexOf('\n') + 1;
        pieces.push(end === 0 ? piece : piece.subarray(0, end));
        if (end > 0 && end < piece.length) this.#waiting.unshift(piece.subarray(end));
        if (end > 0) break;
      }
    } catch (error) {
      this.#waiting.unshift(...pieces);
      throw error;
    }
    return Buffer.concat(pieces);
  }

  #arrival(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#readers.delete(settle);
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      this.#readers.add(settle);
      signal.addEventListener('abort', settle);
    });
  }

  #wake(): void {
    for (const settle of [...this.#readers]) settle();
  }
}
