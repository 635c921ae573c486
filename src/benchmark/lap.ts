import type { Arrivals, Load, Round, WorkloadDeclaration } from '../model/workload.ts';
import { Measures } from './measures.ts';
import type { Starts } from './open-drive.ts';
import { Recorder } from './recorder.ts';

/** What is asked of one visit. */
export interface Drive {
  readonly load: Load;
  readonly iterations: number;
  /** Decides what is random in a load; the same for all targets in a round. */
  readonly seed: number;
}

/** What iterations of one stretch of time report to: the warm-up's, which nobody reads, or the round's. */
export class Lap {
  readonly recorder: Recorder;
  readonly measures: Measures;
  readonly #startedAt: Date;
  readonly #clockNs: bigint;
  #durationNs = 0;
  #completed = 0;

  constructor({ operations, measures }: WorkloadDeclaration, { load }: Drive, begun: Measures) {
    this.recorder = new Recorder(namesOf(operations), load.model);
    this.measures = new Measures(namesOf(measures), begun);
    this.#startedAt = new Date();
    this.#clockNs = process.hrtime.bigint();
  }

  /** An iteration got to its end. */
  completed(): void {
    this.#completed++;
  }

  /** Stops the clock: the last iteration that counts has ended. */
  stop(): void {
    this.#durationNs = Number(process.hrtime.bigint() - this.#clockNs);
  }

  /** What it came to, as results keep it; making that takes longer than many a call. */
  told(starts?: Starts): Omit<Round, 'index' | 'order' | 'measures' | 'cost'> {
    return {
      startedAt: this.#startedAt.toISOString(),
      durationNs: this.#durationNs,
      operations: this.recorder.operations,
      ...(starts && { arrivals: arrivalsOf(starts) }),
      ratePerSecond: this.#completed / (this.#durationNs / 1e9),
    };
  }
}

export function namesOf(declared: readonly { readonly name: string }[]): readonly string[] {
  return declared.map(({ name }) => name);
}

function arrivalsOf({ started, late, dropped, lag, achievedPerSecond }: Starts): Arrivals {
  const intended = started + dropped;
  return { intended, started, late, dropped, lagHistogram: lag.toBase64(), achievedPerSecond };
}
