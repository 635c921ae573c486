import type { OperationSummary, WorkloadResult } from '../../src/model/workload.ts';
import type { MedianRatio } from '../benchmark-table.ts';
import { formatDuration, formatRatio, type DurationUnit } from '../quantity.ts';

/** A percentile, or why there is none: too few samples cannot bound it. */
export function Percentile(props: { readonly valueNs: number | null; readonly unit: DurationUnit }) {
  return props.valueNs === null ? (
    <span class="withheld">n too small</span>
  ) : (
    <>{formatDuration(props.valueNs, props.unit)}</>
  );
}

/** The median of a workload's operation, or what became of the workload. */
export function MedianCell(props: {
  readonly workload: WorkloadResult | undefined;
  readonly summary: OperationSummary | undefined;
  readonly unit: DurationUnit | undefined;
}) {
  if (!props.workload) return <span class="withheld">not asked</span>;
  if (props.workload.status !== 'measured')
    return <span class="withheld">{props.workload.status.replace('-', ' ')}</span>;
  if (!props.summary || !props.unit) return <span class="withheld">no figure</span>;
  return <Percentile valueNs={props.summary.p50Ns} unit={props.unit} />;
}

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
      const { ratio: point, low, high, verdict } = ratio.comparison;
      return (
        <>
          {point === null ? '' : `${formatRatio(point)} `}
          {low === null || high === null ? '' : `(${formatRatio(low)} to ${formatRatio(high)}) `}
          <b>{verdict}</b>
        </>
      );
    }
  }
}
