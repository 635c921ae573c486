import type { Comparison } from '../../src/model/comparison.ts';
import { formatNumber } from '../quantity.ts';

/** The logarithmic axis that the strips of a table share: a ratio of 1 has its place in all of them. */
export interface RatioAxis {
  readonly low: number;
  readonly high: number;
}

const width = 230;
const height = 34;
/** Keeps marks and labels off the edge. */
const edge = 14;
/** Beyond a factor of this the axis ends and arrows say so. */
const farthest = 2.5;
const tickRatios = [0.4, 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 2.5];
/** Labels closer to each other than this run into one. */
const labelSpace = 30;

/** Wide enough for every interval and for the zones of noise and of the same, and alike on both sides of 1. */
export function ratioAxis(comparisons: readonly Comparison[]): RatioAxis {
  const factors = comparisons.flatMap(({ ratio, low, high, threshold, margin = threshold }) =>
    [ratio, low, high, 1 + margin].flatMap((value) =>
      value === null || value <= 0 ? [] : [Math.max(value, 1 / value)],
    ),
  );
  const reach = Math.min(farthest, Math.max(1.05, ...factors) ** 1.06);
  return { low: 1 / reach, high: reach };
}

function placeOn({ low, high }: RatioAxis): (ratio: number) => number {
  const scale = (width - 2 * edge) / Math.log(high / low);
  return (ratio) => {
    const within = Math.min(Math.max(ratio, low), high);
    return Math.round((edge + Math.log(within / low) * scale) * 10) / 10;
  };
}

/** The axis, as the head of a column of strips. */
export function ForestScale({ axis }: { readonly axis: RatioAxis }) {
  const place = placeOn(axis);
  const inside = tickRatios.filter((ratio) => ratio >= axis.low && ratio <= axis.high);
  // 1 first, then outwards, as long as there is room.
  const kept = inside
    .toSorted((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)))
    .reduce<readonly number[]>(
      (chosen, ratio) =>
        chosen.every((other) => Math.abs(place(other) - place(ratio)) >= labelSpace) ? [...chosen, ratio] : chosen,
      [],
    );
  return (
    <svg class="strip" viewBox={`0 0 ${String(width)} 18`} width={width} height={18} aria-hidden="true">
      {kept.map((ratio) => (
        <text x={place(ratio)} y={13} text-anchor="middle" font-size={11} fill="currentColor" key={ratio}>
          {formatNumber(ratio).replace(/(\.\d*?)0+$/, '$1')}
        </text>
      ))}
    </svg>
  );
}

/** One interval against the zones of noise and of the same. The figures beside it say the same, so it is hidden from readers of screens. */
export function ForestStrip({ comparison, axis }: { readonly comparison: Comparison; readonly axis: RatioAxis }) {
  const { ratio, low, high, threshold, margin = threshold, verdict } = comparison;
  const place = placeOn(axis);
  const middle = height / 2;
  const claimed = verdict === 'faster' || verdict === 'slower';
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      <Zone reach={margin} place={place} opacity={0.06} />
      <Zone reach={threshold} place={place} opacity={0.1} />
      <path d={`M${String(place(1))} 0V${String(height)}`} stroke="currentColor" stroke-opacity={0.45} />
      {low === null || high === null ? null : (
        <path
          d={`M${String(place(low))} ${String(middle)}H${String(place(high))}${endOf(low, place, axis, middle)}${endOf(high, place, axis, middle)}`}
          fill="none"
          stroke="currentColor"
          stroke-width={claimed ? 2.5 : 1.5}
          stroke-dasharray={verdict === 'inconclusive' ? '4 3' : undefined}
        />
      )}
      {ratio === null || ratio < axis.low || ratio > axis.high ? null : (
        <rect
          class={claimed || verdict === 'same' ? 'dot' : 'dot open'}
          x={place(ratio) - 4.5}
          y={middle - 4.5}
          width={9}
          height={9}
          rx={verdict === 'same' ? 4.5 : 0}
          stroke="currentColor"
          stroke-width={1.5}
        />
      )}
    </svg>
  );
}

interface ZoneProps {
  /** Relative difference to which the zone reaches on both sides of 1. */
  readonly reach: number;
  readonly place: (ratio: number) => number;
  readonly opacity: number;
}

function Zone({ reach, place, opacity }: ZoneProps) {
  const [from, to] = [place(1 / (1 + reach)), place(1 + reach)];
  return <rect x={from} y={0} width={to - from} height={height} fill="currentColor" fill-opacity={opacity} />;
}

/** A tick where an interval ends, an arrow where the axis ends before it. */
function endOf(end: number, place: (ratio: number) => number, { low, high }: RatioAxis, middle: number): string {
  const x = place(end);
  if (end >= low && end <= high) return `M${String(x)} ${String(middle - 5)}v10`;
  const inwards = end < low ? 6 : -6;
  return `M${String(x + inwards)} ${String(middle - 5)}L${String(x)} ${String(middle)}l${String(inwards)} 5`;
}
