import { sharedAutocorrelations, wideningOf } from './autocorrelation.ts';
import { pairedShift, type Interval } from './shift.ts';

/**
 * What is known of the centre of differences so far, when no other series of the run can be asked how much they depend on
 * each other; null while there are too few.
 * @param confidence for example 0.95
 */
export function pairedInterval(differences: readonly number[], confidence: number): Interval | null {
  if (differences.length === 0) return null;
  const [autocorrelation = 0] = sharedAutocorrelations([differences]);
  return pairedShift(differences, wideningOf(autocorrelation)).interval(1 - confidence);
}
