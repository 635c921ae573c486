import { CriError } from '../../cri/error.ts';
import { ContainerState, PodSandboxState } from '../../cri/messages.ts';
import type { Container, ContainerStatusResponse, PodSandbox } from '../../cri/messages.ts';
import { scopeLabel } from '../../kit/labels.ts';
import { around } from '../break.ts';
import { after, answer, before, postpones, refuses, swallow } from '../combinators.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What StopPodSandbox and RemovePodSandbox promise. */
export const podSandboxEndFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-stops-late',
    breaks: 'a sandbox is not ready any more, and its containers have ended, when StopPodSandbox returns',
    kills: [
      'pod-sandbox/stop/is-not-ready-at-once#not-ready',
      'pod-sandbox/stop/is-idempotent#still-not-ready',
      'pod-sandbox/stop/ends-containers#exited',
    ],
    how: postpones('StopPodSandbox', {}, 3000),
  }),
  fault({
    name: 'attempt-of-stopped-sandbox-lost',
    breaks: 'PodSandboxStatus tells the attempt of a stopped sandbox',
    kills: ['pod-sandbox/stop/keeps-metadata#in-status'],
    how: answer('PodSandboxStatus', ({ status }) => {
      if (status?.state === PodSandboxState.SANDBOX_NOTREADY && status.metadata) status.metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'attempt-of-stopped-sandboxes-lost',
    breaks: 'ListPodSandbox tells the attempts of stopped sandboxes',
    kills: ['pod-sandbox/stop/keeps-metadata#in-list'],
    how: answer('ListPodSandbox', ({ items }) => {
      for (const { state, metadata } of items)
        if (state === PodSandboxState.SANDBOX_NOTREADY && metadata) metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'pod-sandbox-stop-swallowed',
    breaks: 'StopPodSandbox stops the sandbox and its containers',
    kills: ['pod-sandbox/stop/is-not-ready-at-once#not-ready', 'pod-sandbox/stop/ends-containers#exited'],
    reason: 'a stop that never comes, where another one only comes late',
    how: swallow('StopPodSandbox', {}),
  }),
  fault({
    name: 'stop-of-an-unknown-pod-sandbox-refused',
    breaks: 'StopPodSandbox of an id that is not known succeeds',
    kills: ['pod-sandbox/stop/unknown-id#stop-unknown'],
    reason: 'containerd 1.6 breaks the promise itself, so that it is proven where it is kept',
    provenOn: 'simulator',
    rpcs: ['RunPodSandbox', 'StopPodSandbox'],
    how: () => {
      const made = new Set<string>();
      return [
        after('RunPodSandbox', (_, { podSandboxId }) => void made.add(podSandboxId)),
        refuses('StopPodSandbox', 'NotFound', ({ podSandboxId }) => !made.has(podSandboxId)),
      ];
    },
  }),
  fault({
    name: 'container-ended-with-its-pod-sandbox-completed',
    breaks: 'the exit code of a container that was ended with its sandbox tells so',
    kills: ['pod-sandbox/stop/ends-containers#not-completed'],
    rpcs: ['StopPodSandbox', 'ContainerStatus'],
    how: () => {
      const ended = new Set<string>();
      return [
        before('StopPodSandbox', async ({ podSandboxId }, context) => {
          for (const { id, state } of await containersOf(podSandboxId, context))
            if (state === ContainerState.CONTAINER_RUNNING) ended.add(id);
        }),
        answer('ContainerStatus', ({ status }) => {
          if (status && ended.has(status.id)) status.exitCode = 0;
        }),
      ];
    },
  }),
  fault({
    name: 'pod-sandbox-stop-reaches-others',
    breaks: 'StopPodSandbox leaves other sandboxes alone',
    kills: ['pod-sandbox/run/is-independent#other-pod-ready'],
    how: after('StopPodSandbox', async ({ podSandboxId }, _, context) => {
      for (const { id } of await neighboursOf(podSandboxId, context))
        await context.client.runtime.stopPodSandbox({ podSandboxId: id });
    }),
  }),
  fault({
    name: 'pod-sandbox-stop-ends-containers-of-others',
    breaks: 'StopPodSandbox leaves the containers of other sandboxes alone',
    kills: ['pod-sandbox/run/is-independent#other-container-runs'],
    how: after('StopPodSandbox', async ({ podSandboxId }, _, context) => {
      for (const pod of await neighboursOf(podSandboxId, context))
        for (const { id } of await containersOf(pod.id, context))
          await context.client.runtime.stopContainer({ containerId: id, timeout: 0n });
    }),
  }),
  fault({
    name: 'pod-sandbox-removal-refused',
    breaks: 'RemovePodSandbox of an id that is not known succeeds',
    kills: ['pod-sandbox/remove/unknown-id#remove-unknown', 'pod-sandbox/remove/is-idempotent#second-removal'],
    reason:
      'the error that a runtime without this promise answers: NotFound, and only where there is nothing to remove',
    how: () => {
      const made = new Set<string>();
      return [
        after('RunPodSandbox', (_, { podSandboxId }) => void made.add(podSandboxId)),
        refuses('RemovePodSandbox', 'NotFound', ({ podSandboxId }) => !made.delete(podSandboxId)),
      ];
    },
    rpcs: ['RunPodSandbox', 'RemovePodSandbox'],
  }),
  fault({
    name: 'pod-sandbox-removed-late',
    breaks: 'a sandbox is gone when RemovePodSandbox returns',
    kills: ['pod-sandbox/remove/is-gone-at-once#not-listed', 'pod-sandbox/remove/ready-sandbox#pod-gone'],
    how: postpones('RemovePodSandbox', {}, 3000),
  }),
  fault({
    name: 'pod-sandbox-removal-swallowed',
    breaks: 'RemovePodSandbox removes the sandbox',
    kills: [
      'pod-sandbox/remove/is-gone-at-once#not-listed',
      'pod-sandbox/run/metadata-is-free-after-removal#runs-again',
    ],
    reason: 'a removal that never comes, where another one only comes late',
    how: swallow('RemovePodSandbox', {}),
  }),
  fault({
    name: 'containers-of-removed-pod-sandboxes-stay-listed',
    breaks: 'the containers of a sandbox go with it when it is removed',
    kills: ['pod-sandbox/remove/ready-sandbox#container-gone', 'pod-sandbox/remove/removes-containers#not-listed'],
    rpcs: ['RemovePodSandbox', 'ListContainers'],
    how: () => {
      const left = new Map<string, readonly Container[]>();
      return [
        before('RemovePodSandbox', async ({ podSandboxId }, context) => {
          left.set(podSandboxId, await containersOf(podSandboxId, context));
        }),
        answer('ListContainers', ({ containers }, { filter }) => {
          containers.push(...(left.get(filter?.podSandboxId ?? '') ?? []));
        }),
      ];
    },
  }),
  fault({
    name: 'exited-container-outlives-its-pod-sandbox',
    breaks: 'an exited container has no status any more once its sandbox is removed',
    kills: ['pod-sandbox/remove/removes-containers#no-status-of-exited'],
    rpcs: ['ContainerStatus'],
    how: () => {
      const exited = new Map<string, ContainerStatusResponse>();
      return around('ContainerStatus', (next) => async (asked, call) => {
        try {
          const answered = await next(asked, call);
          if (answered.status?.state === ContainerState.CONTAINER_EXITED) exited.set(asked.containerId, answered);
          return answered;
        } catch (error) {
          const known = exited.get(asked.containerId);
          if (known && error instanceof CriError && error.code === 'NotFound') return known;
          throw error;
        }
      });
    },
  }),
];

async function containersOf(podSandboxId: string, { client }: FaultContext): Promise<readonly Container[]> {
  const { containers } = await client.runtime.listContainers({ filter: { podSandboxId } });
  return containers;
}

/** The other sandboxes of whoever made this one; not those of cases beside it. */
async function neighboursOf(podSandboxId: string, { client }: FaultContext): Promise<readonly PodSandbox[]> {
  const { items } = await client.runtime.listPodSandbox({});
  const scope = items.find(({ id }) => id === podSandboxId)?.labels[scopeLabel];
  return items.filter(({ id, labels }) => id !== podSandboxId && scope !== undefined && labels[scopeLabel] === scope);
}
