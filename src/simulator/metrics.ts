import { MetricType } from '../cri/messages.ts';
import type { ContainerStats, MessageInitShape, MetricSchema, PodSandboxMetricsSchema } from '../cri/messages.ts';
import { nowNs } from './clock.ts';
import type { Container } from './container.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { limits, neverOfContainers, neverOfNetworks } from './still-metrics.ts';
import type { NeverMoving } from './still-metrics.ts';
import { containerStats } from './stats.ts';

/** What every metric is labelled with: the container's id or the sandbox's, and what the kubelet knows them by. */
const commonLabels = ['id', 'image', 'namespace', 'pod', 'container'] as const;

interface Sample {
  /** The values of the labels that the metric has beyond the common ones. */
  readonly labels?: readonly string[];
  readonly value: bigint | undefined;
}

interface MetricFamily<S> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  /** Beyond the common ones. */
  readonly labels?: readonly string[];
  readonly samples: (subject: S) => readonly Sample[];
}

/** A running container with its statistics. */
interface Measured {
  readonly container: Container;
  readonly startedAtNs: bigint;
  readonly stats: ContainerStats;
}

const { COUNTER, GAUGE } = MetricType;
const nsPerSecond = 1_000_000_000n;

/** The metrics that cAdvisor gives, by its names (KEP-2371): those that statistics of ours stand behind, then those that stand still. */
const containerFamilies: readonly MetricFamily<Measured>[] = [
  gauge(
    'container_last_seen',
    'When the container was last seen, in seconds since the epoch',
    () => nowNs() / nsPerSecond,
  ),
  gauge(
    'container_start_time_seconds',
    'When the container was started, in seconds since the epoch',
    (measured) => measured.startedAtNs / nsPerSecond,
  ),
  cpuTime('container_cpu_usage_seconds_total', 'CPU time used, in whole seconds'),
  cpuTime('container_cpu_user_seconds_total', 'CPU time used outside of the kernel, in whole seconds'),
  gauge(
    'container_memory_working_set_bytes',
    'Memory in use that cannot be given up, in bytes',
    ({ stats }) => stats.memory?.workingSetBytes?.value,
  ),
  gauge('container_memory_usage_bytes', 'Memory in use, in bytes', ({ stats }) => stats.memory?.usageBytes?.value),
  gauge('container_memory_rss', 'Memory of its own, in bytes', ({ stats }) => stats.memory?.rssBytes?.value),
  {
    name: 'container_memory_failures_total',
    help: 'Page faults so far',
    type: COUNTER,
    labels: ['failure_type', 'scope'],
    samples: ({ stats }) => [
      { labels: ['pgfault', 'container'], value: stats.memory?.pageFaults?.value },
      { labels: ['pgmajfault', 'container'], value: stats.memory?.majorPageFaults?.value },
    ],
  },
  gauge('container_processes', 'Processes that run', ({ container }) => BigInt(container.processes.count)),
  gauge('container_threads', 'Threads that run', ({ container }) => BigInt(container.processes.count)),
  gauge(
    'container_fs_usage_bytes',
    'Size of the writable layer, in bytes',
    ({ stats }) => stats.writableLayer?.usedBytes?.value,
  ),
  ...limits.map(({ name, help, amountOf }) => gauge(name, help, ({ container: { resources } }) => amountOf(resources))),
  ...neverOfContainers.map(never),
];

const podFamilies: readonly MetricFamily<PodSandbox>[] = [
  traffic('container_network_receive_bytes_total', 'Bytes received', ({ network }) => network.receivedBytes),
  traffic('container_network_transmit_bytes_total', 'Bytes sent', ({ network }) => network.sentBytes),
  ...neverOfNetworks.map(([name, help]) => traffic(name, help, () => 0)),
];

/** What ListMetricDescriptors answers: every metric that podSandboxMetrics may hold. */
export const metricDescriptors = [...podFamilies, ...containerFamilies].map(({ name, help, labels = [] }) => ({
  name,
  help,
  labelKeys: [...commonLabels, ...labels],
}));

/** What ListPodSandboxMetrics answers, one of them: the running containers of a sandbox, and its network unless that is the node's. */
export function podSandboxMetrics(
  podSandbox: PodSandbox,
  containers: readonly Container[],
  root: string,
): MessageInitShape<typeof PodSandboxMetricsSchema> {
  const { name: pod, namespace } = podSandbox.metadata;
  return {
    podSandboxId: podSandbox.id,
    metrics:
      podSandbox.address === '' ? [] : metricsOf(podFamilies, podSandbox, [podSandbox.id, '', namespace, pod, '']),
    containerMetrics: containers.flatMap((container) => {
      if (container.phase.state !== 'running') return [];
      const { id, image, metadata } = container;
      const measured = { container, startedAtNs: container.phase.startedAtNs, stats: containerStats(container, root) };
      const labels = [id, image.name, namespace, pod, metadata.name];
      return [{ containerId: id, metrics: metricsOf(containerFamilies, measured, labels) }];
    }),
  };
}

function metricsOf<S>(
  families: readonly MetricFamily<S>[],
  subject: S,
  common: readonly string[],
): MessageInitShape<typeof MetricSchema>[] {
  const timestamp = nowNs();
  return families.flatMap(({ name, type, samples }) =>
    samples(subject).map(({ labels = [], value = 0n }) => ({
      name,
      timestamp,
      metricType: type,
      labelValues: [...common, ...labels],
      value: { value },
    })),
  );
}

function never([name, help, type]: NeverMoving): MetricFamily<unknown> {
  return { name, help, type, samples: () => [{ value: 0n }] };
}

function gauge(name: string, help: string, value: (measured: Measured) => bigint | undefined): MetricFamily<Measured> {
  return { name, help, type: GAUGE, samples: (measured) => [{ value: value(measured) }] };
}

/** Programs of the simulator's run outside of any kernel. */
function cpuTime(name: string, help: string): MetricFamily<Measured> {
  const samples = ({ stats }: Measured): readonly Sample[] => [
    { value: (stats.cpu?.usageCoreNanoSeconds?.value ?? 0n) / nsPerSecond },
  ];
  return { name, help, type: COUNTER, samples };
}

function traffic(name: string, help: string, bytes: (podSandbox: PodSandbox) => number): MetricFamily<PodSandbox> {
  return {
    name,
    help,
    type: COUNTER,
    labels: ['interface'],
    samples: (podSandbox) => [{ labels: ['eth0'], value: BigInt(bytes(podSandbox)) }],
  };
}
