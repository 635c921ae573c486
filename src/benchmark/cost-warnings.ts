import type { Warning } from '../model/warning.ts';
import type { Cost } from '../model/cost.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { median } from '../statistics/median.ts';
import { spinFromPerSecond } from './drive-load.ts';

/** Above this share of a core crible's own work is in the way of what it measures. */
const mostOfACore = 0.5;
/** Above this share of a core somebody else's work may be. */
const mostUnexplained = 0.25;
/** In shorter rounds the machine's clocks, which tick every 10 ms, tell nothing of somebody else. */
const leastDurationNs = 200e6;

/** Whose work was in the way of what was measured, by what rounds cost. */
export function costWarnings({ rounds, load }: WorkloadResult): readonly Pick<Warning, 'kind' | 'message'>[] {
  const costs = rounds.flatMap((round) => (round?.cost === undefined ? [] : [round.cost]));
  const spins = load.model === 'open' && load.ratePerSecond > spinFromPerSecond;
  return [
    ...over(costs, mostOfACore, ({ cribleCpuNs }) => cribleCpuNs).map(({ text }) => ({
      kind: 'client-saturated' as const,
      message:
        `crible itself used more than half a core in ${text}: the figures are partly its own` +
        (spins ? '. At this rate it waits for the next start by spinning, which uses up what is left of a core' : ''),
    })),
    ...over(
      costs.filter(({ durationNs }) => durationNs >= leastDurationNs),
      mostUnexplained,
      ({ unexplainedCpuNs }) => unexplainedCpuNs,
    ).map(({ text }) => ({
      kind: 'unexplained-cpu' as const,
      message: `more than a quarter of a core was used by neither the runtime nor crible in ${text}`,
    })),
  ];
}

/** Empty when no round used more than so much of a core; else in how many it did, and what the median one used. */
function over(
  costs: readonly Cost[],
  share: number,
  cpuNs: (cost: Cost) => number | null,
): readonly { readonly text: string }[] {
  const shares = costs.flatMap((cost) => {
    const used = cpuNs(cost);
    return used === null ? [] : [used / cost.durationNs];
  });
  const beyond = shares.filter((used) => used > share).length;
  if (beyond === 0) return [];
  return [
    {
      text: `${String(beyond)} of ${String(shares.length)} rounds (${median(shares).toFixed(2)} of a core in the median one)`,
    },
  ];
}
