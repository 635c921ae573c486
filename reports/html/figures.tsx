import type { WorkloadResult } from '../../src/model/workload.ts';
import type { MedianRatio } from '../benchmark-table.ts';
import { verdictWord } from '../comparison-words.ts';
import { formatDuration, formatRatio, type DurationUnit } from '../quantity.ts';

/** A percentile, or why there is none: too few samples cannot bound it. */
export function Percentile(props: { readonly valueNs: number | null; readonly unit: DurationUnit }) {
  return props.valueNs === null ? (
    <span class="withheld">n too small</span>
  ) : (
    <>{formatDuration(props.valueNs, props.unit)}</>
  );
}

/** The median of a workload's primary figure, or what became of the workload. */
export function MedianCell(props: {
  readonly workload: WorkloadResult | undefined;
  readonly figure: string | undefined;
}) {
  if (!props.workload) return <span class="withheld">not asked</span>;
  if (props.workload.status !== 'measured')
    return <span class="withheld">{props.workload.status.replace('-', ' ')}</span>;
  if (props.figure !== undefined) return <>{props.figure}</>;
  const { operations, primary } = props.workload;
  return <span class="withheld">{operations.some(({ name }) => name === primary) ? 'n too small' : 'no figure'}</span>;
}

/** Against the first target: a comparison's interval and verdict, or a plain ratio that says it is one. */
export function RatioCell({ ratio }: { readonly ratio: MedianRatio | undefined }) {
  switch (ratio?.kind) {
    case undefined:
      return <span class="withheld">none</span>;
    case 'plain':
      return (
        <>
          {formatRatio(ratio.ratio)} <span class="muted">plain</span>
        </>
      );
    case 'compared': {
      const { ratio: point, low, high, floor, primary } = ratio.comparison;
      return (
        <>
          {point === null ? '' : `${formatRatio(point)} `}
          <b>{verdictWord(ratio.comparison)}</b>
          <span class="id">
            {[
              ...(low === null || high === null ? [] : [`${formatRatio(low)} to ${formatRatio(high)}`]),
              ...(primary ? [] : ['uncorrected']),
              ...(floor === undefined ? [] : ['noise floor']),
            ].join(', ')}
          </span>
        </>
      );
    }
  }
}
