import type { CriClient } from '../cri/client.ts';
import type { CallRecord } from '../cri/record.ts';
import type { IterationContext, RoundContext } from '../kit/workload.ts';
import type { Recorder } from './recorder.ts';

/** A client and what is known of the call that is made on it. */
interface Line {
  readonly cri: CriClient;
  readonly records: CallRecord[];
}

/** Where the clocks of one iteration report to. */
export interface Timing {
  readonly recorder: Recorder;
  readonly measure: RoundContext['measure'];
  /** How much later than intended the iteration began. */
  readonly lagNs: number;
}

/** Puts clocks into the hands of a visit's iterations: what runs under them goes to the recorder, latency or failure. */
export class Clocks {
  readonly #context: Omit<RoundContext, 'measure'>;
  /** Lines that no call is on: making a client costs more than many a call. */
  readonly #free: Line[] = [];

  constructor(context: Omit<RoundContext, 'measure'>) {
    this.#context = context;
  }

  /** What one iteration works with. */
  of({ recorder, measure, lagNs }: Timing): IterationContext {
    return {
      ...this.#context,
      measure,
      call: async (operation, call) => {
        const line = this.#free.pop() ?? this.#newLine();
        const value = await counted(recorder, operation, () => call(line.cri));
        const [record, second] = line.records;
        if (record === undefined || second !== undefined) {
          throw new Error(`'${operation}' is to be the time of one call, but ${String(line.records.length)} were made`);
        }
        // A line on which a call failed is given up, for another may still be under way on it.
        line.records.length = 0;
        this.#free.push(line);
        // A failure that the workload expects is still not a latency.
        if ('error' in record) recorder.failed(operation, record.error);
        else recorder.succeeded(operation, record.durationNs, lagNs);
        return value;
      },
      span: async (operation, work) => {
        const startedAtNs = process.hrtime.bigint();
        const value = await counted(recorder, operation, work);
        recorder.succeeded(operation, Number(process.hrtime.bigint() - startedAtNs), lagNs);
        return value;
      },
    };
  }

  #newLine(): Line {
    const records: CallRecord[] = [];
    const cri = this.#context.cri.observedBy((record) => {
      records.push(record);
    });
    return { cri, records };
  }
}

async function counted<T>(recorder: Recorder, operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    recorder.failed(operation, error);
    throw error;
  }
}
