import type { LinuxContainerResources } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, before, request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What UpdateContainerResources promises. */
export const containerUpdateFaults: readonly Fault[] = [
  fault({
    name: 'update-without-cpu',
    breaks: 'UpdateContainerResources updates CPU limits',
    kills: ['container/update/in-force#cpu', 'container/update/before-start#cpu', 'container/update/in-status#updated'],
    how: updating((linux) => {
      linux.cpuPeriod = linux.cpuQuota = linux.cpuShares = 0n;
    }),
  }),
  fault({
    name: 'update-without-memory',
    breaks: 'UpdateContainerResources updates the memory limit',
    kills: [
      'container/update/in-force#memory',
      'container/update/before-start#memory',
      'container/update/leaves-others#memory',
    ],
    how: updating((linux) => {
      linux.memoryLimitInBytes = 0n;
    }),
  }),
  fault({
    name: 'update-restarts-container',
    breaks: 'a container runs on when its limits are updated',
    kills: ['container/update/in-force#runs-on'],
    rpcs: ['UpdateContainerResources', 'ContainerStatus'],
    how: () => {
      const updated = new Set<string>();
      return [
        before('UpdateContainerResources', ({ containerId }) => {
          updated.add(containerId);
        }),
        answer('ContainerStatus', ({ status }, { containerId }) => {
          if (status && updated.has(containerId)) status.startedAt += 1n;
        }),
      ];
    },
  }),
  fault({
    name: 'status-without-limits',
    breaks: 'a container’s status tells the limits that it was created with',
    kills: ['container/update/in-status#created-with'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status?.resources) delete status.resources.linux;
    }),
  }),
  fault({
    name: 'update-resets-cpu',
    breaks: 'UpdateContainerResources leaves CPU limits alone that it is not given',
    kills: ['container/update/leaves-others#cpu'],
    how: updating((linux) => {
      if (linux.cpuQuota === 0n) linux.cpuQuota = -1n;
    }),
  }),
  fault({
    name: 'update-of-no-processor-succeeds',
    breaks: 'UpdateContainerResources with a processor that does not exist is refused',
    kills: ['container/update/all-or-nothing#refused'],
    how: swallow('UpdateContainerResources', {}, ({ linux }) => isImpossible(linux)),
  }),
  fault({
    name: 'refused-update-changes-cpu',
    breaks: 'an UpdateContainerResources that is refused changes no CPU limit',
    kills: ['container/update/all-or-nothing#cpu'],
    how: beforeRefusal(({ cpuPeriod, cpuQuota, cpuShares }) => ({ cpuPeriod, cpuQuota, cpuShares })),
  }),
  fault({
    name: 'refused-update-changes-memory',
    breaks: 'an UpdateContainerResources that is refused changes no memory limit',
    kills: ['container/update/all-or-nothing#memory'],
    how: beforeRefusal(({ memoryLimitInBytes }) => ({ memoryLimitInBytes })),
  }),
];

function updating(change: (linux: LinuxContainerResources) => void): Break {
  return request('UpdateContainerResources', ({ linux }) => {
    if (linux) change(linux);
  });
}

/** Part of a request that will be refused is done all the same. */
function beforeRefusal(
  partOf: (linux: LinuxContainerResources) => Partial<Omit<LinuxContainerResources, '$typeName'>>,
): Break {
  return before('UpdateContainerResources', async ({ containerId, linux }, { client }) => {
    if (linux && isImpossible(linux))
      await client.runtime.updateContainerResources({ containerId, linux: partOf(linux) });
  });
}

function isImpossible(linux: LinuxContainerResources | undefined): boolean {
  return linux?.cpusetCpus === '65535';
}
