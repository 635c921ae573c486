import type { Interval, Shift } from './shift.ts';

/** Where an interval lies, seen from a zone around zero. */
export type Place = 'above' | 'below' | 'inside' | 'across';

/** @param threshold the zone reaches from -threshold to threshold */
export function placeOf({ low, high }: Interval, threshold: number): Place {
  if (low > threshold) return 'above';
  if (high < -threshold) return 'below';
  return low > -threshold && high < threshold ? 'inside' : 'across';
}

/** Distances from zero: an interval beyond the threshold is a difference, one within the margin is none that matters. */
export interface Zones {
  readonly threshold: number;
  /** At least the threshold. */
  readonly margin: number;
}

/**
 * How many values would have put the interval wholly beyond the threshold or wholly within the margin, whichever is sooner, if
 * the estimate stays where it is and the interval narrows with the root of their number. Infinity when the estimate lies on
 * the edge of both.
 * @param values how many there are
 * @param beyond the interval that has to lie beyond the threshold (the corrected one)
 * @param inside the interval that has to lie within the margin
 */
export function valuesToDecide(
  values: number,
  { estimate }: Pick<Shift, 'estimate'>,
  { beyond, inside }: { readonly beyond: Interval; readonly inside: Interval },
  { threshold, margin }: Zones,
): number {
  const distance = Math.abs(estimate) - threshold;
  const tooWideToClaim =
    distance > 0 ? (estimate > 0 ? estimate - beyond.low : beyond.high - estimate) / distance : Infinity;
  const tooWideForSame =
    Math.abs(estimate) < margin
      ? Math.max((inside.high - estimate) / (margin - estimate), (estimate - inside.low) / (margin + estimate))
      : Infinity;
  return Math.ceil(values * Math.min(tooWideToClaim, tooWideForSame) ** 2);
}
