/** The commands that a shell runs in the background, and its way of waiting for them. */
export class Jobs {
  readonly #running = new Map<string, Promise<number>>();
  #nextId: number;
  #lastId = '';
  #interrupt: ((status: number) => void) | undefined;

  constructor(shellPid: number) {
    this.#nextId = shellPid + 1;
  }

  /** What `$!` stands for. */
  get lastId(): string {
    return this.#lastId;
  }

  add(job: Promise<number>): void {
    this.#lastId = String(this.#nextId++);
    this.#running.set(this.#lastId, job);
  }

  /**
   * Until the given jobs have ended, answering the status of the last one, or until all have when none are given. 127 for a
   * job that is not known; an interrupted wait answers the status it was interrupted with. It ends when `life` is aborted, too.
   */
  async wait(ids: readonly string[], life: AbortSignal): Promise<number> {
    const jobs =
      ids.length === 0 ? [...this.#running.values()] : ids.map((id) => this.#running.get(id) ?? Promise.resolve(127));
    const interrupted = new Promise<number>((resolve) => (this.#interrupt = resolve));
    const ended = Promise.all(jobs).then((statuses) => {
      for (const id of ids.length === 0 ? [...this.#running.keys()] : ids) this.#running.delete(id);
      return ids.length === 0 ? 0 : (statuses.at(-1) ?? 0);
    });
    const die = (): void => {
      this.interruptWait(0);
    };
    life.addEventListener('abort', die);
    try {
      return await Promise.race([interrupted, ended]);
    } finally {
      life.removeEventListener('abort', die);
      this.#interrupt = undefined;
    }
  }

  interruptWait(status: number): void {
    this.#interrupt?.(status);
  }
}
