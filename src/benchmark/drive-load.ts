import { driveClosed } from './closed-drive.ts';
import type { Drive } from './lap.ts';
import { driveOpen, type Starts } from './open-drive.ts';
import { scheduleOf, warmUpOf, type OpenLoad } from './schedule.ts';

/** What is done while a load is driven. */
export interface LoadCourse {
  /** Must not throw for what the runtime does wrong: that would end the whole drive. */
  readonly iterate: (lagNs: number) => Promise<void>;
  /** The warm-up is over: what iterates from here on counts. Not called when aborted before. */
  readonly measuring: () => Promise<void>;
  /** The last iteration that counts has ended; under an open load with what became of the starts. */
  readonly measured: (starts?: Starts) => Promise<void>;
}

/** Above this rate starts are waited for by spinning: a timer's lag would be a large part of the gap between two of them. */
export const spinFromPerSecond = 500;
/** In flight at most, as so many seconds of the rate: a stall that long is measured to its end, and a dead end does not take all memory. */
const inFlightSeconds = 5;
const mostInFlight = { least: 16, most: 10_000 } as const;

/**
 * Runs warm-up and round of a load; starts nothing more once the signal aborts.
 * @throws what an iteration throws
 */
export async function driveLoad(
  { load, iterations, seed }: Drive,
  signal: AbortSignal,
  { iterate, measuring, measured }: LoadCourse,
): Promise<void> {
  switch (load.model) {
    case 'closed':
      await driveClosed({
        concurrency: load.concurrency,
        ...{ iterations, signal, measuring, measured: () => measured() },
        iterate: () => iterate(0),
      });
      return;
    case 'open': {
      const how = { mostInFlight: mostInFlightOf(load), spin: load.ratePerSecond > spinFromPerSecond, signal, iterate };
      await driveOpen({ ...how, schedule: warmUpOf(load, iterations) });
      if (signal.aborted) return;
      const schedule = scheduleOf(load, iterations, seed);
      await measuring();
      await measured(await driveOpen({ ...how, schedule }));
    }
  }
}

function mostInFlightOf({ ratePerSecond }: OpenLoad): number {
  const { least, most } = mostInFlight;
  return Math.min(most, Math.max(least, Math.ceil(ratePerSecond * inFlightSeconds)));
}
