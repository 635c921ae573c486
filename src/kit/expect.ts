import { isDeepStrictEqual } from 'node:util';
import type { Code } from '../cri/code.ts';
import { CriError } from '../cri/error.ts';

/** What an expectation looked for and what it saw. */
export interface Seen {
  readonly expected: unknown;
  readonly actual: unknown;
  readonly evidence?: readonly string[];
}

/** A promise that the runtime broke, found by an expectation of a case's body. */
export class ExpectationFailed extends Error {
  readonly key: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** Lines that help to understand it: log records, file contents. */
  readonly evidence: readonly string[];

  constructor(key: string, message: string, { expected, actual, evidence = [], ...options }: Seen & ErrorOptions) {
    super(message, options);
    this.name = 'ExpectationFailed';
    this.key = key;
    this.expected = expected;
    this.actual = actual;
    this.evidence = evidence;
  }
}

/** Between two looks at something that cannot be watched. */
const pollMs = 20;

/**
 * What a case asks of a runtime. Each expectation has a key, unique in its case, by which reports, known deviations and
 * the proof that it can fail refer to it. All throw ExpectationFailed, and nothing else is a verdict about the runtime.
 */
export class Expect {
  /** The keys of the expectations that were asked so far, in their order. */
  readonly asked = new Set<string>();
  readonly #signal: AbortSignal;
  readonly #patience: number;

  /** @param patience share of its time that a promise which is to be kept eventually is given */
  constructor(signal: AbortSignal, patience = 1) {
    this.#signal = signal;
    this.#patience = patience;
  }

  /** Deep, strict equality. */
  equal<T>(key: string, actual: T, expected: T, message: string): void {
    this.asked.add(key);
    if (!isDeepStrictEqual(actual, expected)) throw new ExpectationFailed(key, message, { expected, actual });
  }

  /** A condition; `seen` says what was looked at, since true and false tell nobody anything. */
  that(key: string, condition: boolean, message: string, seen: Seen): void {
    this.asked.add(key);
    if (!condition) throw new ExpectationFailed(key, message, seen);
  }

  /** The value, which must be there: a message field that the runtime must fill. */
  present<T>(key: string, value: T | undefined, message: string): T {
    this.asked.add(key);
    if (value === undefined) throw new ExpectationFailed(key, message, { expected: 'to be set', actual: 'unset' });
    return value;
  }

  /** The call must be answered without an error. */
  async succeeds<T>(key: string, call: Promise<T>, message: string): Promise<T> {
    this.asked.add(key);
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof CriError) || this.#signal.aborted) throw error;
      throw new ExpectationFailed(key, message, { expected: 'success', actual: describe(error), cause: error });
    }
  }

  /** The call must be answered with an error, and with one of `codes` where the specification or the kubelet depends on it. */
  async fails(key: string, call: Promise<unknown>, message: string, codes?: readonly Code[]): Promise<CriError> {
    this.asked.add(key);
    const expected = codes === undefined ? 'an error' : `an error with code ${codes.join(' or ')}`;
    let answer: unknown;
    try {
      answer = await call;
    } catch (error) {
      if (!(error instanceof CriError) || this.#signal.aborted) throw error;
      // A server that is gone refuses nothing.
      if (error.code === 'Unavailable') throw error;
      // Nor does an RPC that does not exist: the probe at the start found it there.
      if (codes?.includes(error.code) ?? error.code !== 'Unimplemented') return error;
      throw new ExpectationFailed(key, message, { expected, actual: describe(error), cause: error });
    }
    throw new ExpectationFailed(key, message, { expected, actual: { success: answer } });
  }

  /**
   * Looks every 20 ms until `accept` holds. For states that the specification lets a runtime reach in its own time.
   * @param withinMs how long the runtime may take
   */
  async eventually<T>(
    key: string,
    look: () => Promise<T>,
    accept: (value: T) => boolean,
    message: string,
    seen: { readonly expected: unknown; readonly withinMs: number; readonly actual?: (value: T) => unknown },
  ): Promise<T> {
    this.asked.add(key);
    const withinMs = seen.withinMs * this.#patience;
    const deadline = performance.now() + withinMs;
    for (;;) {
      this.#signal.throwIfAborted();
      const value = await look();
      if (accept(value)) return value;
      if (performance.now() > deadline) {
        const actual = seen.actual ? seen.actual(value) : value;
        throw new ExpectationFailed(key, `${message} (within ${String(withinMs)} ms)`, {
          expected: seen.expected,
          actual,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

function describe(error: CriError): { code: string; message: string } {
  return { code: error.code, message: error.details };
}
