import type { ServiceHandlers } from '../cri/handler.ts';
import type { PodSandbox as PodSandboxItem, PodSandboxFilter, RuntimeService } from '../cri/messages.ts';
import { inBatches } from './batches.ts';
import { nowNs } from './clock.ts';
import { containerStatus } from './container-messages.ts';
import { matchesPodSandbox, podSandboxInfo, podSandboxItem, podSandboxStatus } from './pod-sandbox-messages.ts';
import { promised } from './promised.ts';
import type { Runtime } from './runtime.ts';

/** The RPCs about pod sandboxes, statistics aside. */
export function podSandboxHandlers(runtime: Runtime): ServiceHandlers<typeof RuntimeService> {
  const { podSandboxes, containers } = runtime;

  const listed = (filter: PodSandboxFilter | undefined): readonly PodSandboxItem[] =>
    podSandboxes
      .list()
      .filter((podSandbox) => matchesPodSandbox(podSandbox, filter))
      .map(podSandboxItem);

  return {
    runPodSandbox: promised(({ config, runtimeHandler }) => ({
      podSandboxId: runtime.runPodSandbox(config, runtimeHandler).id,
    })),

    stopPodSandbox: async ({ podSandboxId }) => {
      await runtime.stopPodSandbox(podSandboxId);
      return {};
    },

    removePodSandbox: async ({ podSandboxId }) => {
      await runtime.removePodSandbox(podSandboxId);
      return {};
    },

    podSandboxStatus: promised(({ podSandboxId, verbose }) => {
      const podSandbox = podSandboxes.get(podSandboxId);
      return {
        status: podSandboxStatus(podSandbox),
        info: verbose ? podSandboxInfo(podSandbox) : {},
        containersStatuses: containers.inPodSandbox(podSandboxId).map(containerStatus),
        timestamp: nowNs(),
      };
    }),

    listPodSandbox: promised(({ filter }) => ({ items: [...listed(filter)] })),
    streamPodSandboxes: ({ filter }) =>
      inBatches(
        () => listed(filter),
        (batch) => ({ podSandboxes: batch }),
      ),

    updatePodSandboxResources: promised(({ podSandboxId, overhead, resources }) => {
      podSandboxes.updateResources(podSandboxId, { ...(overhead && { overhead }), ...(resources && { resources }) });
      return {};
    }),

    getContainerEvents: (_, { signal }) => runtime.events.subscribe(signal),
  };
}
