import { ContainerState, PodSandboxState } from '../../cri/messages.ts';
import type { Container, PodSandbox } from '../../cri/messages.ts';
import { answer, before } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { CONTAINER_RUNNING } = ContainerState;

/** What is told of sandboxes and containers that have ended. */
export const podSandboxGoneFaults: readonly Fault[] = [
  fault({
    name: 'removed-pod-sandbox-in-the-whole-list',
    breaks: 'the list of all sandboxes has none that was removed',
    kills: ['pod-sandbox/remove/removes-containers#sandbox-nowhere'],
    rpcs: ['RemovePodSandbox', 'ListPodSandbox'],
    how: () => {
      const removed: PodSandbox[] = [];
      return [
        before('RemovePodSandbox', async ({ podSandboxId: id }, { client }) => {
          removed.push(...(await client.runtime.listPodSandbox({ filter: { id } })).items);
        }),
        answer('ListPodSandbox', ({ items }, { filter }) => {
          if (filter === undefined) items.push(...removed);
        }),
      ];
    },
  }),
  fault({
    name: 'containers-of-removed-pod-sandbox-in-the-whole-list',
    breaks: 'the list of all containers has none of a sandbox that was removed',
    kills: ['pod-sandbox/remove/removes-containers#containers-nowhere'],
    rpcs: ['RemovePodSandbox', 'ListContainers'],
    how: () => {
      const removed: Container[] = [];
      return [
        before('RemovePodSandbox', async ({ podSandboxId }, { client }) => {
          removed.push(...(await client.runtime.listContainers({ filter: { podSandboxId } })).containers);
        }),
        answer('ListContainers', ({ containers }, { filter }) => {
          if (filter === undefined) containers.push(...removed);
        }),
      ];
    },
  }),
  fault({
    name: 'containers-of-stopped-sandbox-listed-as-running',
    breaks: 'ListContainers tells that containers have ended with their sandbox',
    kills: ['pod-sandbox/stop/ends-every-container#exited'],
    rpcs: ['StopPodSandbox', 'ListContainers'],
    how: () => {
      const ended = new Set<string>();
      return [
        before('StopPodSandbox', async ({ podSandboxId }, { client }) => {
          const { containers } = await client.runtime.listContainers({ filter: { podSandboxId } });
          for (const { id, state } of containers) if (state === CONTAINER_RUNNING) ended.add(id);
        }),
        answer('ListContainers', ({ containers }) => {
          for (const container of containers) if (ended.has(container.id)) container.state = CONTAINER_RUNNING;
        }),
      ];
    },
  }),
  fault({
    name: 'container-ended-with-its-pod-sandbox-at-no-time',
    breaks: 'a container that was ended with its sandbox tells when that was',
    kills: ['pod-sandbox/stop/ends-containers#finished-at'],
    how: answer('ContainerStatus', async ({ status }, { containerId: id }, { client }) => {
      const { containers } = await client.runtime.listContainers({ filter: { id } });
      const { items } = await client.runtime.listPodSandbox({ filter: { id: containers[0]?.podSandboxId ?? id } });
      if (status && items[0]?.state === PodSandboxState.SANDBOX_NOTREADY) status.finishedAt = 0n;
    }),
  }),
  fault({
    name: 'pod-sandbox-not-ready-without-containers',
    breaks: 'a sandbox stays ready when its last container ends',
    kills: ['pod-sandbox/network/outlives-containers#still-ready'],
    how: answer('PodSandboxStatus', async ({ status }, { podSandboxId }, { client }) => {
      const { containers } = await client.runtime.listContainers({ filter: { podSandboxId } });
      const idle = containers.length > 0 && containers.every(({ state }) => state !== CONTAINER_RUNNING);
      if (status && idle) status.state = PodSandboxState.SANDBOX_NOTREADY;
    }),
  }),
];
