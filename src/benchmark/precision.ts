import type { Round } from '../model/workload.ts';
import { histogramMedianNs } from '../statistics/histogram-median.ts';

/** When a comparison is precise enough to stop. */
export interface Precision {
  /** Largest half-width of a ratio's interval: 0.05 for 5 %. */
  readonly relative: number;
  /** Rounds are not added beyond this. */
  readonly mostRounds: number;
  /** The interval of the log-ratio that paired rounds show; null when they are too few for one. */
  readonly interval: (logRatios: readonly number[]) => { readonly low: number; readonly high: number } | null;
}

/** What a round says about its workload's primary: the median latency, or the measure; null when it says nothing. */
export function figureOf(
  { operations, measures }: Pick<Round, 'operations' | 'measures'>,
  primary: string,
): number | null {
  const measure = measures.find(({ name }) => name === primary);
  if (measure !== undefined) return measure.value;
  const operation = operations.find(({ name, count }) => name === primary && count > 0);
  if (operation === undefined) return null;
  return histogramMedianNs(operation);
}

/** Half the width of the interval of candidate ÷ base, as a factor less one; Infinity while nobody can tell. */
export function halfWidth(
  base: ReadonlyMap<number, number>,
  candidate: ReadonlyMap<number, number>,
  interval: Precision['interval'],
): number {
  const logRatios = [...candidate].flatMap(([round, figure]) => {
    const against = base.get(round);
    return against === undefined || against <= 0 || figure <= 0 ? [] : [Math.log(figure / against)];
  });
  const found = interval(logRatios);
  return found === null ? Infinity : Math.expm1((found.high - found.low) / 2);
}
