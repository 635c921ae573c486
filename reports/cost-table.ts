import type { Cost } from '../src/model/cost.ts';
import type { Round, WorkloadResult } from '../src/model/workload.ts';
import { median } from '../src/statistics/median.ts';
import type { WorkloadTable } from './benchmark-table.ts';
import { formatBytes, formatDuration, formatNumber } from './quantity.ts';

/** One figure of what a workload cost, on all targets: the median of the rounds; undefined where no round knows it. */
export interface CostRow {
  readonly label: string;
  readonly meaning: string;
  /** To be known even where there is room for little. */
  readonly essential: boolean;
  readonly cells: readonly (string | undefined)[];
}

/** Why a figure is not known on a target. */
export interface CostGap {
  readonly target: string;
  readonly figures: readonly string[];
  readonly reason: string;
}

type CostRound = Round & { readonly cost: Cost };
type Figure = readonly [
  label: string,
  meaning: string,
  read: (round: CostRound) => number | null,
  format: (value: number) => string,
];

const oneCpu = (value: number) => `${formatNumber(value * 100)} %`;
const shareOfTime = (read: (cost: Cost) => number | null) => (round: CostRound) => {
  const used = read(round.cost);
  return used === null || round.cost.durationNs <= 0 ? null : used / round.cost.durationNs;
};

const figures: readonly Figure[] = [
  [
    'runtime, an iteration',
    'CPU time of daemon, shims and monitors, low-level runtime and plug-ins for one iteration',
    perIteration,
    formatDuration,
  ],
  ['runtime', 'the same while the round ran', shareOfTime(({ runtimeCpuNs }) => runtimeCpuNs), oneCpu],
  ['daemon’s cgroup', 'part of the runtime', shareOfTime(({ daemonCpuNs }) => daemonCpuNs), oneCpu],
  ['daemon’s process', 'part of its cgroup', shareOfTime(({ daemonProcessCpuNs }) => daemonProcessCpuNs), oneCpu],
  [
    'pods’ cgroups',
    'what starts and watches containers there, and their processes',
    shareOfTime(({ podsCpuNs }) => podsCpuNs),
    oneCpu,
  ],
  ['containers’ own work', 'not counted as the runtime’s', shareOfTime(({ workloadCpuNs }) => workloadCpuNs), oneCpu],
  ['crible', 'our own work, on the same machine', shareOfTime(({ cribleCpuNs }) => cribleCpuNs), oneCpu],
  [
    'crible’s event-loop lag, p99',
    'what a latency may be too long by',
    ({ cost }) => cost.eventLoopLagP99Ns,
    formatDuration,
  ],
  ['crible’s event-loop lag, longest', '', ({ cost }) => cost.eventLoopLagMaxNs, formatDuration],
  ['crible’s image registry', 'a process of its own', shareOfTime(({ registryCpuNs }) => registryCpuNs), oneCpu],
  ['machine', 'all processors, whoever kept them busy', shareOfTime(({ machineBusyNs }) => machineBusyNs), oneCpu],
  [
    'unexplained',
    'busy with none of the above: the kernel, or somebody else',
    shareOfTime(({ unexplainedCpuNs }) => unexplainedCpuNs),
    oneCpu,
  ],
  [
    'stolen',
    'time that a hypervisor gave to somebody else',
    shareOfTime(({ machineStolenNs }) => machineStolenNs),
    oneCpu,
  ],
  [
    'daemon’s resident memory',
    'at the end of a round; shared pages counted in full',
    ({ cost }) => cost.daemonRssBytes,
    formatBytes,
  ],
  [
    'memory of the daemon’s cgroup',
    'at the end of a round, less inactive file cache',
    ({ cost }) => cost.daemonCgroupBytes,
    formatBytes,
  ],
  ['daemon’s open files', 'at the end of a round', ({ cost }) => cost.daemonDescriptors, formatNumber],
  ['daemon’s threads', 'at the end of a round', ({ cost }) => cost.daemonThreads, formatNumber],
];

const essentials = ['runtime, an iteration', 'crible', 'unexplained'];

/** Rows that at least one target has a figure for. */
export function costRows({ cells }: WorkloadTable): readonly CostRow[] {
  return figures.flatMap(([label, meaning, read, format]) => {
    const values = cells.map((workload) => {
      const known = costRounds(workload).flatMap((round) => read(round) ?? []);
      return known.length === 0 ? undefined : format(median(known));
    });
    return values.every((value) => value === undefined)
      ? []
      : [{ label, meaning, essential: essentials.includes(label), cells: values }];
  });
}

/** Each reason once a target, with the figures that it withholds in every round. */
export function costGaps({ cells }: WorkloadTable): readonly CostGap[] {
  return cells.flatMap((workload) => {
    const rounds = costRounds(workload);
    const reasons = new Map<string, Set<string>>();
    for (const { figure, reason } of rounds.flatMap(({ cost }) => cost.unknown)) {
      reasons.set(reason, (reasons.get(reason) ?? new Set()).add(figure));
    }
    return [...reasons].map(([reason, names]) => ({
      target: workload?.target ?? '',
      figures: [...names].map((name) => figureNames.get(name) ?? name),
      reason,
    }));
  });
}

const figureNames: ReadonlyMap<string, string> = new Map<keyof Cost, string>([
  ['runtimeCpuNs', 'runtime'],
  ['daemonCpuNs', 'daemon’s cgroup'],
  ['daemonProcessCpuNs', 'daemon’s process'],
  ['podsCpuNs', 'pods’ cgroups'],
  ['workloadCpuNs', 'containers’ own work'],
  ['registryCpuNs', 'crible’s image registry'],
  ['machineBusyNs', 'machine'],
  ['machineStolenNs', 'stolen'],
  ['unexplainedCpuNs', 'unexplained'],
  ['eventLoopLagP99Ns', 'crible’s event-loop lag, p99'],
  ['eventLoopLagMaxNs', 'crible’s event-loop lag, longest'],
  ['daemonRssBytes', 'daemon’s resident memory'],
  ['daemonCgroupBytes', 'memory of the daemon’s cgroup'],
  ['daemonDescriptors', 'daemon’s open files'],
  ['daemonThreads', 'daemon’s threads'],
]);

function costRounds(workload: WorkloadResult | undefined): readonly CostRound[] {
  return (workload?.rounds ?? []).flatMap((round) =>
    round?.cost === undefined ? [] : [{ ...round, cost: round.cost }],
  );
}

/** Null where no iteration was completed. */
function perIteration({ cost, ratePerSecond, durationNs }: CostRound): number | null {
  const iterations = Math.round((ratePerSecond ?? 0) * (durationNs / 1e9));
  return iterations === 0 || cost.runtimeCpuNs === null ? null : cost.runtimeCpuNs / iterations;
}
