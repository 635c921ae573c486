import { placeOf, valuesToDecide, type Zones } from '../statistics/decision.ts';
import { leastPairs, type Interval } from '../statistics/shift.ts';

/** Nobody measures that long for one verdict. */
const mostRounds = 1000;

/** Why a comparison with so few rounds has no interval of its confidence. */
export function tooFewReason(rounds: number, kind: 'paired' | 'unpaired', level: number): string {
  const confidence = `${percent(1 - level)} confidence`;
  if (kind === 'unpaired') return `${counted(rounds)} a run are too few to bound a difference at ${confidence}`;
  return `${counted(rounds)} measured on both cannot bound a difference at ${confidence}; ${String(leastPairs(level))} could`;
}

/** Why a comparison with an interval decides nothing, and what would. */
export function undecidedReason(
  rounds: number,
  estimate: number,
  intervals: { readonly inside: Interval; readonly beyond: Interval },
  zones: Zones,
): string {
  const noise = `the noise threshold of ${percent(Math.expm1(zones.threshold))}`;
  const place = placeOf(intervals.inside, zones.threshold);
  const what =
    place === 'above' || place === 'below'
      ? `by itself it lies beyond ${noise}, but not once corrected for the number of comparisons`
      : `the interval neither lies beyond ${noise} nor rules out a difference of ${percent(Math.expm1(zones.margin))}`;
  const enough = valuesToDecide(rounds, { estimate }, intervals, zones);
  // An interval that is asymmetric about its estimate can seem to need fewer rounds than there are.
  return enough > mostRounds
    ? `${what}, and the estimate lies so near an edge that more rounds are unlikely to decide`
    : `${what}; about ${counted(Math.max(enough, rounds + 1))} would decide if the estimate stays`;
}

function counted(rounds: number): string {
  return `${String(rounds)} ${rounds === 1 ? 'round' : 'rounds'}`;
}

/** `2.5 %`, `95 %`, `99.79 %`. */
function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(2)))} %`;
}
