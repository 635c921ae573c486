import { CriError } from '../cri/error.ts';
import { scrubFor } from '../cri/redaction.ts';
import { messageOf } from '../model/error.ts';
import type { Load, OperationRound, WorkloadResult } from '../model/workload.ts';
import { LatencyHistogram } from './latency-histogram.ts';

export type WorkloadError = WorkloadResult['errors'][number];

/** A message is a runtime's text; nobody reads more of one than this, in characters. */
const longestMessage = 2000;

interface Tally {
  /** Counted from the intended start. */
  readonly latencies: LatencyHistogram;
  /** From the real start; under a closed load there is no other. */
  readonly service: LatencyHistogram | undefined;
  failures: number;
}

/** What one round measured: successes by latency, failures by number, and never one among the other. */
export class Recorder {
  readonly #operations: ReadonlyMap<string, Tally>;
  readonly #errors: WorkloadError[] = [];
  readonly #told = new WeakSet();

  constructor(operations: readonly string[], model: Load['model']) {
    const tally = (): Tally => ({
      latencies: new LatencyHistogram(),
      service: model === 'open' ? new LatencyHistogram() : undefined,
      failures: 0,
    });
    this.#operations = new Map(operations.map((name) => [name, tally()]));
  }

  /**
   * @param lagNs how much later than intended its iteration began: to whoever asked at the intended time the operation
   * seemed longer by that
   * @throws Error when the workload does not declare the operation
   */
  succeeded(operation: string, durationNs: number, lagNs = 0): void {
    const { latencies, service } = this.#tally(operation);
    latencies.record(durationNs + lagNs);
    service?.record(durationNs);
  }

  /**
   * Counts a failure. An error that fails several operations, since one is timed as part of another, is told once, by the first.
   * @throws Error when the workload does not declare the operation
   */
  failed(operation: string, error: unknown): void {
    this.#tally(operation).failures++;
    this.#tell(operation, error);
  }

  /** Takes in how an iteration ended that did not get to its end, unless an operation told of it already. */
  brokeOff(error: unknown): void {
    this.#tell('between operations', error);
  }

  get operations(): OperationRound[] {
    return [...this.#operations].map(([name, { latencies, service, failures }]) => ({
      name,
      count: latencies.count,
      failures,
      histogram: latencies.toBase64(),
      ...(service && { serviceHistogram: service.toBase64() }),
      minNs: latencies.minNs,
      maxNs: latencies.maxNs,
    }));
  }

  get errors(): readonly WorkloadError[] {
    return this.#errors;
  }

  #tally(operation: string): Tally {
    const tally = this.#operations.get(operation);
    if (tally === undefined) throw new Error(`the workload times '${operation}' but does not declare it`);
    return tally;
  }

  #tell(operation: string, error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (this.#told.has(error)) return;
      this.#told.add(error);
    }
    countIn(this.#errors, workloadError(operation, error));
  }
}

/** An error as a result file tells it, credentials removed. */
export function workloadError(operation: string, error: unknown): WorkloadError {
  const cause = criErrorOf(error);
  const code = cause?.code ?? (error instanceof Error ? error.name : 'Unknown');
  return { operation, code, message: scrubFor([])(messageOf(error)).slice(0, longestMessage), count: 1 };
}

/** The failed call that an error is, or comes from. */
export function criErrorOf(error: unknown): CriError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof CriError) return at;
  return undefined;
}

/** Adds an error to a list: same operation and code, same entry, which keeps the message of the first. */
export function countIn(errors: WorkloadError[], error: WorkloadError): void {
  const known = errors.find(({ operation, code }) => operation === error.operation && code === error.code);
  if (known === undefined) errors.push({ ...error });
  else known.count += error.count;
}
