import {
  ContainerEventType,
  ContainerState,
  ContainerStatusSchema,
  create,
  PodSandboxState,
} from '../../cri/messages.ts';
import type { ContainerEventResponse } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, stream } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { CONTAINER_STARTED_EVENT, CONTAINER_STOPPED_EVENT, CONTAINER_DELETED_EVENT } = ContainerEventType;
const hourNs = 3_600_000_000_000n;
const provenOn = 'simulator';

/** What GetContainerEvents promises. */
export const eventFaults: readonly Fault[] = [
  fault({
    name: 'events-silent',
    breaks: 'GetContainerEvents tells of what happens',
    kills: [
      'event/container/lifecycle#subscribed',
      'event/container/exit#subscribed',
      'event/container/statuses#subscribed',
      'event/container/created-at#subscribed',
      'event/pod-sandbox/lifecycle#subscribed',
      'event/pod-sandbox/status#subscribed',
      'event/two-subscribers#subscribed',
    ],
    provenOn,
    how: without(() => true),
  }),
  fault({
    name: 'events-of-deletion-lost',
    breaks: 'GetContainerEvents tells that something was deleted',
    kills: [
      'event/container/lifecycle#arrives',
      'event/container/statuses#arrives',
      'event/pod-sandbox/lifecycle#arrives',
      'event/pod-sandbox/status#arrives',
    ],
    provenOn,
    how: without(({ containerEventType }) => containerEventType === CONTAINER_DELETED_EVENT),
  }),
  fault({
    name: 'events-of-end-lost',
    breaks: 'GetContainerEvents tells that a container ended',
    kills: ['event/container/exit#arrives', 'event/container/created-at#arrives'],
    provenOn,
    how: without(({ containerEventType }) => containerEventType === CONTAINER_STOPPED_EVENT),
  }),
  fault({
    name: 'events-of-start-lost',
    breaks: 'GetContainerEvents tells that something was started',
    kills: ['event/container/lifecycle#order', 'event/pod-sandbox/lifecycle#order'],
    provenOn,
    how: without(({ containerEventType }) => containerEventType === CONTAINER_STARTED_EVENT),
  }),
  fault({
    name: 'events-without-sandbox',
    breaks: 'an event carries the status of the pod sandbox',
    kills: ['event/container/statuses#sandbox', 'event/pod-sandbox/status#metadata'],
    provenOn,
    how: answer('GetContainerEvents', (event) => {
      delete event.podSandboxStatus;
    }),
  }),
  fault({
    name: 'events-of-the-first-attempt',
    breaks: 'the status of the sandbox in an event has its attempt',
    kills: ['event/pod-sandbox/status#metadata'],
    provenOn,
    reason: 'a part of what identifies the sandbox, where events-without-sandbox has nothing of it',
    how: answer('GetContainerEvents', ({ podSandboxStatus }) => {
      if (podSandboxStatus?.metadata) podSandboxStatus.metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'events-of-ready-sandboxes',
    breaks: 'the status of the sandbox in an event has its state',
    kills: ['event/pod-sandbox/status#states'],
    provenOn,
    how: answer('GetContainerEvents', ({ podSandboxStatus }) => {
      if (podSandboxStatus) podSandboxStatus.state = PodSandboxState.SANDBOX_READY;
    }),
  }),
  fault({
    name: 'events-without-address',
    breaks: 'the status of the sandbox in an event has its address',
    kills: ['event/pod-sandbox/status#address'],
    provenOn,
    how: answer('GetContainerEvents', ({ podSandboxStatus }) => {
      delete podSandboxStatus?.network;
    }),
  }),
  fault({
    name: 'events-without-containers',
    breaks: 'an event carries the statuses of the sandbox’s containers',
    kills: ['event/container/statuses#states', 'event/container/exit#status'],
    provenOn,
    how: answer('GetContainerEvents', (event) => {
      event.containersStatuses = [];
    }),
  }),
  fault({
    name: 'events-without-exit-code',
    breaks: 'the event of an exit carries the exit code',
    kills: ['event/container/exit#exit-code'],
    provenOn,
    how: answer('GetContainerEvents', ({ containersStatuses }) => {
      for (const status of containersStatuses) status.exitCode = 0;
    }),
  }),
  fault({
    name: 'events-without-finish',
    breaks: 'the event of an exit carries the time of the exit',
    kills: ['event/container/exit#finished-at'],
    provenOn,
    how: answer('GetContainerEvents', ({ containersStatuses }) => {
      for (const status of containersStatuses) status.finishedAt = 0n;
    }),
  }),
  fault({
    name: 'events-dated-backwards',
    breaks: 'later events have later times',
    kills: ['event/container/created-at#in-order'],
    provenOn,
    rpcs: ['GetContainerEvents'],
    how: () => {
      const startNs = BigInt(Date.now()) * 1_000_000n;
      return answer('GetContainerEvents', (event) => {
        event.createdAt = 2n * startNs - event.createdAt;
      });
    },
  }),
  fault({
    name: 'events-dated-early',
    breaks: 'an event has the time at which it happened',
    kills: ['event/container/created-at#after-start'],
    provenOn,
    how: answer('GetContainerEvents', (event) => {
      event.createdAt -= hourNs;
    }),
  }),
  fault({
    name: 'events-of-end-dated-by-start',
    breaks: 'the event of an exit has the time of the exit',
    kills: ['event/container/created-at#after-end'],
    provenOn,
    rpcs: ['GetContainerEvents'],
    how: () => {
      const started = new Map<string, bigint>();
      return answer('GetContainerEvents', (event) => {
        const { containerId, containerEventType, createdAt } = event;
        if (containerEventType === CONTAINER_STARTED_EVENT) started.set(containerId, createdAt);
        if (containerEventType === CONTAINER_STOPPED_EVENT) event.createdAt = started.get(containerId) ?? createdAt;
      });
    },
  }),
  fault({
    name: 'events-split',
    breaks: 'GetContainerEvents tells every subscriber everything',
    kills: ['event/two-subscribers#each-has-all'],
    provenOn,
    rpcs: ['GetContainerEvents'],
    how: () => {
      let subscribers = 0;
      return stream('GetContainerEvents', async function* (events) {
        let turn = subscribers++;
        for await (const event of events) if (turn++ % 2 === 0) yield event;
      });
    },
  }),
  fault({
    name: 'dated-status-of-running-containers',
    breaks: 'PodSandboxStatus has the statuses of exited containers too when it says when they were recorded',
    kills: ['event/matches-pod-sandbox-status#complete'],
    reason: 'some of them, where dated-status-without-containers has none',
    how: answer('PodSandboxStatus', async (answered, { podSandboxId }, { client }) => {
      const filter = { podSandboxId, state: { state: ContainerState.CONTAINER_RUNNING } };
      const { containers } = await client.runtime.listContainers({ filter });
      answered.timestamp = 1n;
      answered.containersStatuses = containers.map(({ id, state }) => create(ContainerStatusSchema, { id, state }));
    }),
  }),
  fault({
    name: 'dated-status-without-containers',
    breaks: 'PodSandboxStatus has the statuses of all containers when it says when they were recorded',
    kills: ['event/matches-pod-sandbox-status#complete'],
    reason: 'all containers, where dated-status-of-running-containers leaves out those that exited',
    how: answer('PodSandboxStatus', (answered) => {
      answered.timestamp = 1n;
      answered.containersStatuses = [];
    }),
  }),
];

function without(lost: (event: ContainerEventResponse) => boolean): Break {
  return stream('GetContainerEvents', async function* (events) {
    for await (const event of events) if (!lost(event)) yield event;
  });
}
