import type { Load } from '../model/workload.ts';
import { splitMix64 } from './random.ts';

export type OpenLoad = Extract<Load, { readonly model: 'open' }>;

/** When iterations of an open load are to start. */
export interface Schedule {
  /** Ascending, in ns from the beginning. */
  readonly offsetsNs: Float64Array;
  /** What the starts are spread over, in ns; after the last one there is as much time as its rate leaves to the next. */
  readonly durationNs: number;
}

/** A stepped load rises to its rate in so many steps of the same length. */
const steps = 4;

/**
 * The starts of one round, exactly as many as asked for.
 * @param seed decides where a Poisson process puts them; the same seed, the same starts
 */
export function scheduleOf({ ratePerSecond, arrival }: OpenLoad, starts: number, seed: number): Schedule {
  const evenNs = (starts / ratePerSecond) * 1e9;
  switch (arrival) {
    case 'constant':
      return {
        offsetsNs: Float64Array.from({ length: starts }, (_, at) => (at / ratePerSecond) * 1e9),
        durationNs: evenNs,
      };
    case 'poisson':
      return { offsetsNs: poissonOffsets(starts, evenNs, seed), durationNs: evenNs };
    case 'stepped':
      return steppedOffsets(ratePerSecond, starts);
  }
}

/** Starts that come before those of a round and do not count: a tenth as many, at the same rate. */
export function warmUpOf(load: OpenLoad, starts: number): Schedule {
  return scheduleOf({ ...load, arrival: 'constant' }, Math.ceil(starts / 10), 0);
}

/**
 * A Poisson process of which the number of events is known: exponential gaps, scaled so that they fill the time. Given the
 * number, a Poisson process is exactly that (S. M. Ross, Stochastic Processes, 2nd edition, theorem 2.3.1: the arrival times
 * are then order statistics of uniform variables), and every round has the rate that was asked for.
 */
function poissonOffsets(starts: number, durationNs: number, seed: number): Float64Array {
  const random = splitMix64(BigInt(seed));
  const uniform = (): number => Number(random() >> 11n) / 2 ** 53;
  const offsets = new Float64Array(starts);
  let sum = 0;
  for (let at = 0; at < starts; at++) {
    sum -= Math.log1p(-uniform());
    offsets[at] = sum;
  }
  sum -= Math.log1p(-uniform());
  return offsets.map((offset) => (offset / sum) * durationNs);
}

/** In step k of 4 the rate is k/4 of the whole; of 10 starts step k has k. */
function steppedOffsets(ratePerSecond: number, starts: number): Schedule {
  const parts = (steps * (steps + 1)) / 2;
  const stepNs = ((starts * steps) / parts / ratePerSecond) * 1e9;
  const offsetsNs = Float64Array.from({ length: starts }, (_, at) => {
    const place = (at / starts) * parts;
    let step = 1;
    let before = 0;
    while (place >= before + step && step < steps) before += step++;
    return (step - 1 + (place - before) / step) * stepNs;
  });
  return { offsetsNs, durationNs: steps * stepNs };
}
