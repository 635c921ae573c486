import type { ServiceHandlers } from '../cri/handler.ts';
import type {
  ContainerStats,
  ContainerStatsFilter,
  PodSandboxStats,
  PodSandboxStatsFilter,
  RuntimeService,
} from '../cri/messages.ts';
import { inBatches } from './batches.ts';
import { metricDescriptors, podSandboxMetrics } from './metrics.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { promised } from './promised.ts';
import type { Runtime } from './runtime.ts';
import { containerStats, matchesContainerStats, matchesPodSandboxStats, podSandboxStats } from './stats.ts';

/** The RPCs about resource usage: statistics and metrics. */
export function statsHandlers(runtime: Runtime, root: string): ServiceHandlers<typeof RuntimeService> {
  const { podSandboxes, containers } = runtime;

  const statsOf = (podSandbox: PodSandbox): PodSandboxStats =>
    podSandboxStats(podSandbox, containers.inPodSandbox(podSandbox.id), root);

  const listed = (filter: ContainerStatsFilter | undefined): readonly ContainerStats[] =>
    containers
      .list()
      .filter((container) => matchesContainerStats(container, filter))
      .map((container) => containerStats(container, root));

  const listedPods = (filter: PodSandboxStatsFilter | undefined): readonly PodSandboxStats[] =>
    podSandboxes
      .list()
      .filter((podSandbox) => matchesPodSandboxStats(podSandbox, filter))
      .map(statsOf);

  const listedMetrics = () =>
    podSandboxes
      .list()
      .map((podSandbox) => podSandboxMetrics(podSandbox, containers.inPodSandbox(podSandbox.id), root));

  return {
    containerStats: promised(({ containerId }) => ({ stats: containerStats(containers.get(containerId), root) })),
    listContainerStats: promised(({ filter }) => ({ stats: [...listed(filter)] })),
    streamContainerStats: ({ filter }) =>
      inBatches(
        () => listed(filter),
        (batch) => ({ containerStats: batch }),
      ),

    podSandboxStats: promised(({ podSandboxId }) => ({ stats: statsOf(podSandboxes.get(podSandboxId)) })),
    listPodSandboxStats: promised(({ filter }) => ({ stats: [...listedPods(filter)] })),
    streamPodSandboxStats: ({ filter }) =>
      inBatches(
        () => listedPods(filter),
        (batch) => ({ podSandboxStats: batch }),
      ),

    listMetricDescriptors: promised(() => ({ descriptors: metricDescriptors })),
    listPodSandboxMetrics: promised(() => ({ podMetrics: listedMetrics() })),
    streamPodSandboxMetrics: () => inBatches(listedMetrics, (batch) => ({ podSandboxMetrics: batch })),
  };
}
