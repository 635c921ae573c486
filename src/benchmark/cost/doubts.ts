import type { Cost } from '../../model/cost.ts';
import { median } from '../../statistics/median.ts';

/** Above this share of the machine's busy time that nobody accounts for, somebody else was at work. */
const mostUnexplained = 0.2;
/** A loop that is late by this much in the median round adds it to latencies that are a few times longer. */
const mostLagNs = 5_000_000;

/** Why the rounds with these costs deserve less trust, in sentences; empty when nothing is to be said. */
export function doubtsOf(costs: readonly Cost[]): readonly string[] {
  const shares = costs.flatMap(({ unexplainedCpuNs: rest, machineBusyNs: busy }) =>
    rest === null || busy === null || busy === 0 ? [] : [rest / busy],
  );
  const lags = costs.flatMap(({ eventLoopLagP99Ns: lag }) => (lag === null ? [] : [lag]));
  const share = shares.length === 0 ? 0 : median(shares);
  const lagNs = lags.length === 0 ? 0 : median(lags);
  return [
    ...(share > mostUnexplained
      ? [
          `${percent(share)} of the CPU time that the machine worked in the median round is neither the runtime's nor crible's: somebody else was at work, and figures are partly theirs`,
        ]
      : []),
    ...(lagNs > mostLagNs
      ? [
          `crible's event loop was up to ${(lagNs / 1e6).toFixed(1)} ms late (p99 of the median round): latencies may be too long by that`,
        ]
      : []),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
