import type { Exchange } from './exchange.ts';

const fewestSlots = 64;

/**
 * The open streams of a connection by their ids, which rise by two. A Map would do, but one that is added to and deleted
 * from all the time makes a new table every few calls, and V8 links each old table to the next: the first that grows old
 * keeps all that follow alive, and the calls in them, which made the garbage collector a fifth of the cost of a call.
 */
export class OpenStreams {
  #slots: (Exchange | undefined)[] = Array.from({ length: fewestSlots });
  /** Those that outlive as many others as there are slots; there are few. */
  #displaced: Exchange[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get(streamId: number): Exchange | undefined {
    const exchange = this.#slots[this.#slotOf(streamId)];
    if (exchange?.streamId === streamId) return exchange;
    return this.#displaced.length === 0 ? undefined : this.#displaced.find((other) => other.streamId === streamId);
  }

  add(exchange: Exchange): void {
    this.#count++;
    this.#put(exchange);
    if (this.#displaced.length > this.#slots.length / 8) this.#grow();
  }

  /** Whether it was there. */
  delete(streamId: number): boolean {
    const slot = this.#slotOf(streamId);
    if (this.#slots[slot]?.streamId === streamId) {
      this.#slots[slot] = undefined;
    } else {
      const at = this.#displaced.findIndex((other) => other.streamId === streamId);
      if (at < 0) return false;
      this.#displaced.splice(at, 1);
    }
    this.#count--;
    return true;
  }

  *values(): Iterable<Exchange> {
    yield* this.#displaced;
    for (const exchange of this.#slots) if (exchange !== undefined) yield exchange;
  }

  #put(exchange: Exchange): void {
    const slot = this.#slotOf(exchange.streamId);
    const older = this.#slots[slot];
    if (older !== undefined) this.#displaced.push(older);
    this.#slots[slot] = exchange;
  }

  #grow(): void {
    const open = [...this.values()];
    this.#slots = Array.from({ length: this.#slots.length * 2 });
    this.#displaced = [];
    for (const exchange of open) this.#put(exchange);
  }

  #slotOf(streamId: number): number {
    return (streamId >>> 1) & (this.#slots.length - 1);
  }
}
