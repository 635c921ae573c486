import { sharedAutocorrelations, wideningOf } from '../statistics/autocorrelation.ts';
import { pairedShift, unpairedShift, type Shift } from '../statistics/shift.ts';
import type { Samples } from './samples.ts';

/** The shift of each, in logarithms; null where there is nothing to compare. How far rounds depend on each other is judged of all together. */
export function shiftsOf(samples: readonly Samples[]): readonly (Shift | null)[] {
  const series = samples.map(seriesOf);
  const autocorrelations = sharedAutocorrelations(series.flat());
  let next = 0;
  return samples.map((sample, index) => {
    const widenings = (series[index] ?? []).map(() => wideningOf(autocorrelations[next++] ?? 0));
    if (roundsIn(sample) === 0) return null;
    // Of two samples the variances add up.
    const widening = Math.hypot(...widenings) / Math.sqrt(widenings.length);
    switch (sample.kind) {
      case 'paired':
        return pairedShift(sample.differences, widening);
      case 'unpaired':
        return unpairedShift(sample.base, sample.candidate, widening);
      case 'none':
        return null;
    }
  });
}

/** Rounds that both were measured in, or the rounds of the run that has fewer. */
export function roundsIn(samples: Samples): number {
  return samples.kind === 'none' ? 0 : Math.min(...seriesOf(samples).map(({ length }) => length));
}

function seriesOf(samples: Samples): readonly (readonly number[])[] {
  switch (samples.kind) {
    case 'paired':
      return [samples.differences];
    case 'unpaired':
      return [samples.base, samples.candidate];
    case 'none':
      return [];
  }
}
