import { signalNumber } from '../signal-number.ts';
import { parseScript } from './syntax.ts';
import type { Script } from './syntax.ts';

/** What a shell does on signals, and the signals that have come and were not dealt with yet. */
export class Traps {
  readonly #scripts = new Map<number, Script>();
  readonly #arrived: number[] = [];

  /** trap ACTION SIGNAL...; `-` for the default action. @throws Error when there is no such signal. */
  set(action: string, names: readonly string[]): void {
    const script = action === '-' ? undefined : parseScript(action);
    for (const name of names) {
      const signal = signalNumber(name);
      if (signal === undefined || signal === 0) throw new Error(`${name}: invalid signal specification`);
      if (script) this.#scripts.set(signal, script);
      else this.#scripts.delete(signal);
    }
  }

  clear(): void {
    this.#scripts.clear();
  }

  /** What to do about a signal: nothing that a shell decides, nothing at all, or a script, which then waits to be taken. */
  deliver(signal: number): 'untrapped' | 'ignored' | 'arrived' {
    const script = this.#scripts.get(signal);
    if (script === undefined) return 'untrapped';
    if (script.length === 0) return 'ignored';
    this.#arrived.push(signal);
    return 'arrived';
  }

  /** The first signal that waits. */
  get pending(): number | undefined {
    return this.#arrived[0];
  }

  /** The script of the first signal that waits, which waits no longer. */
  take(): Script | undefined {
    const signal = this.#arrived.shift();
    return signal === undefined ? undefined : (this.#scripts.get(signal) ?? []);
  }
}
