import type { CallRecord } from '../cri/record.ts';
import type { IterationContext, WorkloadContext } from '../kit/workload.ts';
import type { Recorder } from './recorder.ts';

/** Puts clocks into a workload's hands: what runs under them goes to the recorder, latency or failure. */
export function withClocks(context: WorkloadContext, recorder: Recorder): IterationContext {
  return {
    ...context,
    call: async (operation, call) => {
      const records: CallRecord[] = [];
      const value = await counted(recorder, operation, () =>
        call(
          context.cri.observedBy((record) => {
            records.push(record);
          }),
        ),
      );
      const [record, second] = records;
      if (record === undefined || second !== undefined) {
        throw new Error(`'${operation}' is to be the time of one call, but ${String(records.length)} were made`);
      }
      // A failure that the workload expects is still not a latency.
      if ('error' in record) recorder.failed(operation, record.error);
      else recorder.succeeded(operation, record.durationNs);
      return value;
    },
    span: async (operation, work) => {
      const startedAtNs = process.hrtime.bigint();
      const value = await counted(recorder, operation, work);
      recorder.succeeded(operation, Number(process.hrtime.bigint() - startedAtNs));
      return value;
    },
  };
}

async function counted<T>(recorder: Recorder, operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    recorder.failed(operation, error);
    throw error;
  }
}
