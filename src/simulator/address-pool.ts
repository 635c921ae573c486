/** 198.18.0.0/15, set aside for benchmarks: no machine has these addresses, so nothing answers there by accident. */
const first = (198 << 24) | (18 << 16) | 2;
const size = 2 ** 17 - 3;

/** The addresses of pod sandboxes. Nothing can be reached there: networking is not imitated. */
export class AddressPool {
  readonly #taken = new Set<string>();
  #next = 0;

  /** An address that no other pod sandbox has; those given back last come round last. */
  take(): string {
    for (let tries = 0; tries < size; tries += 1) {
      const address = first + this.#next;
      this.#next = (this.#next + 1) % size;
      const text = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
      if (!this.#taken.has(text)) {
        this.#taken.add(text);
        return text;
      }
    }
    throw new Error(`all ${String(size)} addresses are taken`);
  }

  giveBack(address: string): void {
    this.#taken.delete(address);
  }
}
