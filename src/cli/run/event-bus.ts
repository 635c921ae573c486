import type { EventListener, RunEvent } from '../../model/event.ts';

/** Everything that happened in a run, in order, and those who are told. */
export class EventBus {
  readonly #events: RunEvent[] = [];
  readonly #listeners: EventListener[] = [];
  readonly #problems: unknown[] = [];

  /** Also tells a new listener what happened before. */
  subscribe(listener: EventListener): void {
    for (const event of this.#events) this.#tell(listener, event);
    this.#listeners.push(listener);
  }

  readonly emit: EventListener = (event) => {
    this.#events.push(event);
    for (const listener of this.#listeners) this.#tell(listener, event);
  };

  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** What listeners threw: a full disk must end neither the run nor the display. */
  get problems(): readonly unknown[] {
    return this.#problems;
  }

  #tell(listener: EventListener, event: RunEvent): void {
    try {
      listener(event);
    } catch (error) {
      // One that fails once fails with every event.
      if (this.#problems.length < 10) this.#problems.push(error);
    }
  }
}
