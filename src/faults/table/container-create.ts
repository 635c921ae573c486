import { randomUUID } from 'node:crypto';
import { ContainerState, ContainerSchema, create } from '../../cri/messages.ts';
import type { Container, CreateContainerRequest } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { after, answer, forgives } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What CreateContainer promises. */
export const containerCreateFaults: readonly Fault[] = [
  fault({
    name: 'container-id-empty',
    breaks: 'CreateContainer answers the id of the container',
    kills: ['container/create/is-created#id-not-empty'],
    how: answer('CreateContainer', (created) => {
      created.containerId = '';
    }),
  }),
  fault({
    name: 'created-container-runs',
    breaks: 'a container that is created is CONTAINER_CREATED until it is started',
    kills: ['container/create/is-created#created', 'container/stop/created-container#does-not-run'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status?.state === ContainerState.CONTAINER_CREATED) status.state = ContainerState.CONTAINER_RUNNING;
    }),
  }),
  fault({
    name: 'container-made-whatever-is-missing',
    breaks: 'CreateContainer fails when the sandbox or the image is not there',
    kills: ['container/create/unknown-sandbox#refused', 'container/create/unknown-image#refused'],
    how: forgives('CreateContainer', 'NotFound', { containerId: randomUUID() }),
  }),
  fault({
    name: 'container-left-by-refusal',
    breaks: 'a CreateContainer that is refused leaves no container',
    kills: [
      'container/create/same-metadata-twice#one-container',
      'container/create/unknown-image#nothing-left',
      'container/create/stopped-sandbox#none-runs',
    ],
    rpcs: ['CreateContainer', 'ListContainers'],
    how: () => {
      const left: Container[] = [];
      return [
        around('CreateContainer', (next) => async (asked, call) => {
          try {
            return await next(asked, call);
          } catch (error) {
            left.push(remainder(asked));
            throw error;
          }
        }),
        answer('ListContainers', (listed, { filter }) => {
          const { podSandboxId = '' } = filter ?? {};
          listed.containers.push(...left.filter((one) => one.podSandboxId === podSandboxId));
        }),
      ];
    },
  }),
  fault({
    name: 'container-with-the-same-metadata',
    breaks: 'a sandbox has one container of a name and attempt',
    kills: ['container/create/same-metadata-twice'],
    how: around('CreateContainer', (next) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch (error) {
        const { metadata } = asked.config ?? {};
        if (asked.config === undefined || metadata === undefined) throw error;
        const another = { ...metadata, attempt: metadata.attempt + 1000 };
        return next({ ...asked, config: { ...asked.config, metadata: another } }, call);
      }
    }),
  }),
  fault({
    name: 'removed-container-still-listed',
    breaks: 'a container that was removed is not listed any more',
    kills: [
      'container/create/metadata-is-free-after-removal#listed',
      'container/remove/created-container#not-listed',
      'container/remove/exited-container#not-listed',
      'container/remove/running-container#not-listed',
      'container/start/unknown-command#gone',
    ],
    rpcs: ['RemoveContainer', 'ListContainers'],
    how: () => {
      const removed: Container[] = [];
      return [
        around('RemoveContainer', (next, { client }) => async (asked, call) => {
          const { containers } = await client.runtime.listContainers({ filter: { id: asked.containerId } });
          const done = await next(asked, call);
          removed.push(...containers);
          return done;
        }),
        answer('ListContainers', (listed, { filter }) => {
          const { id = '', podSandboxId = '' } = filter ?? {};
          listed.containers.push(...removed.filter((one) => one.id === id || one.podSandboxId === podSandboxId));
        }),
      ];
    },
  }),
  fault({
    name: 'container-id-used-again',
    breaks: 'a container has an id that none before it had',
    kills: ['container/create/metadata-is-free-after-removal#new-id'],
    rpcs: ['CreateContainer', 'ListContainers'],
    how: () => {
      const firstIds = new Map<string, string>();
      const aliases = new Map<string, string>();
      return [
        answer('CreateContainer', (created, asked) => {
          const first = firstIds.get(nameOf(asked)) ?? created.containerId;
          firstIds.set(nameOf(asked), first);
          aliases.set(created.containerId, first);
          created.containerId = first;
        }),
        answer('ListContainers', ({ containers }) => {
          for (const one of containers) one.id = aliases.get(one.id) ?? one.id;
        }),
      ];
    },
  }),
  fault({
    name: 'earlier-attempts-not-listed',
    breaks: 'ListContainers lists every attempt of a container',
    kills: ['container/create/next-attempt#both-listed'],
    how: answer('ListContainers', (listed) => {
      listed.containers = listed.containers.filter((one) => !listed.containers.some((other) => follows(other, one)));
    }),
  }),
  fault({
    name: 'container-made-twice',
    breaks: 'CreateContainer makes one container',
    kills: ['container/list/by-sandbox#all-of-it'],
    reason: 'a call that is repeated behind the back of its caller',
    how: after('CreateContainer', async (asked, _, { client }) => {
      const { config } = asked;
      if (config?.metadata === undefined) return;
      const metadata = { ...config.metadata, attempt: config.metadata.attempt + 1000 };
      await client.runtime.createContainer({ ...asked, config: { ...config, metadata } });
    }),
  }),
];

/** What ListContainers would tell of a container that was half made. */
function remainder({ podSandboxId, config }: CreateContainerRequest): Container {
  const { metadata, labels = {} } = config ?? {};
  const id = randomUUID();
  const state = ContainerState.CONTAINER_RUNNING;
  return create(ContainerSchema, { id, podSandboxId, labels, state, ...(metadata ? { metadata } : {}) });
}

function nameOf({ podSandboxId, config }: CreateContainerRequest): string {
  const { name = '', attempt = 0 } = config?.metadata ?? {};
  return `${podSandboxId} ${name} ${String(attempt)}`;
}

function follows(later: Container, earlier: Container): boolean {
  if (later.podSandboxId !== earlier.podSandboxId || later.metadata?.name !== earlier.metadata?.name) return false;
  return (later.metadata?.attempt ?? 0) > (earlier.metadata?.attempt ?? 0);
}
