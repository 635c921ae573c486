import { Bench } from 'tinybench';

/** A closed load: so many iterations in flight, each followed by the next one at once. */
export interface ClosedDrive {
  readonly concurrency: number;
  /** All in all, not of each in flight. */
  readonly iterations: number;
  /** Starts no iteration after it aborts; those in flight are waited for. */
  readonly signal: AbortSignal;
  /** Must not throw for what the runtime does wrong: that would end the whole drive. */
  readonly iterate: () => Promise<void>;
  /** The warm-up is over: what iterates from here on counts. Not called when aborted before. */
  readonly measuring: () => Promise<void>;
  /** The last iteration that counts has ended. */
  readonly measured: () => Promise<void>;
}

/**
 * Runs a closed load by tinybench: first one warm-up iteration for each place in flight, which pays for what another target's
 * turn has pushed out of the caches, then those that count. tinybench keeps so many in flight and counts; its own clock spans
 * whole iterations with what is not to be timed, so its statistics are not used.
 * @throws what an iteration throws
 */
export async function driveClosed(drive: ClosedDrive): Promise<void> {
  const bench = new Bench({
    // In this mode iterations and the threshold alone decide (6.2.3): a time of 0 sets no limit, and one place is as good as many.
    concurrency: 'task',
    threshold: drive.concurrency,
    iterations: drive.iterations,
    time: 0,
    warmupIterations: drive.concurrency,
    warmupTime: 0,
    throws: true,
    signal: drive.signal,
    setup: async (_task, mode) => {
      if (mode === 'run') await drive.measuring();
    },
    teardown: async (_task, mode) => {
      if (mode === 'run') await drive.measured();
    },
  });
  // Told to be asynchronous, the function is not called once more to find that out.
  bench.add('iteration', drive.iterate, { async: true });
  await bench.run();
}
