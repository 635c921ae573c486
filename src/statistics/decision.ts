import type { Interval, Shift } from './shift.ts';

/** Where an interval lies, seen from the zone of noise around zero. */
export type Place = 'above' | 'below' | 'inside' | 'across';

/** @param threshold the zone reaches from -threshold to threshold */
export function placeOf({ low, high }: Interval, threshold: number): Place {
  if (low > threshold) return 'above';
  if (high < -threshold) return 'below';
  return low > -threshold && high < threshold ? 'inside' : 'across';
}

/**
 * How many values would have put the interval wholly inside the zone of noise or wholly beyond, if the estimate stays where
 * it is and the interval narrows with the root of their number; Infinity when the estimate lies on the edge.
 * @param values how many there are
 * @param beyond the interval that has to lie beyond the zone (the corrected one)
 * @param inside the interval that has to lie inside
 */
export function valuesToDecide(
  values: number,
  { estimate }: Pick<Shift, 'estimate'>,
  { beyond, inside }: { readonly beyond: Interval; readonly inside: Interval },
  threshold: number,
): number {
  const distance = Math.abs(estimate) - threshold;
  const tooWide =
    distance > 0
      ? (estimate > 0 ? estimate - beyond.low : beyond.high - estimate) / distance
      : Math.max((inside.high - estimate) / (threshold - estimate), (estimate - inside.low) / (threshold + estimate));
  return Number.isNaN(tooWide) ? Infinity : Math.ceil(values * tooWide ** 2);
}
