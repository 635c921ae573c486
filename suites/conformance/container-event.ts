import { ContainerEventType } from '../../src/cri/messages.ts';
import type { ContainerEventResponse } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { containerState, earliestNs } from './ask.ts';
import {
  eventLocks as locks,
  eventNeeds as needs,
  eventsAbout,
  eventsUntil,
  whileListening,
  wordsOf,
} from './event.ts';

const { CONTAINER_STARTED_EVENT, CONTAINER_STOPPED_EVENT, CONTAINER_DELETED_EVENT } = ContainerEventType;

export const cases = [
  defineCase({
    id: 'event/container/lifecycle',
    title: 'tells in events that a container was created, started, stopped and deleted, in this order',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      { kind: 'proto', text: 'ContainerEventType: a container created, started, stopped, deleted' },
      { kind: 'kep', text: 'KEP-3386: the kubelet learns from events what it would otherwise relist for' },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener], pod) => {
        const { given, cri, expect } = context;
        const { id: containerId } = await given.startedContainer(pod);
        await cri.runtime.stopContainer({ containerId, timeout: 0n });
        await cri.runtime.removeContainer({ containerId });
        const events = await eventsUntil(context, listener, containerId, CONTAINER_DELETED_EVENT);
        expect.equal('order', wordsOf(events), ['created', 'started', 'stopped', 'deleted'], 'the events about it');
      });
    },
  }),

  defineCase({
    id: 'event/container/exit',
    title: 'tells in an event that a container ended by itself, and how',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      {
        kind: 'kep',
        text: 'KEP-3386: an exit is told when it happens; the statuses that come along spare the kubelet from asking',
      },
      { kind: 'proto', text: 'ContainerEventResponse.containers_statuses: container statuses' },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener], pod) => {
        const { given, expect } = context;
        const { id } = await given.startedContainer(pod, { command: ['sh', '-c', 'sleep 0.2; exit 7'] });
        const events = await eventsUntil(context, listener, id, CONTAINER_STOPPED_EVENT);
        const stopped = events.find(({ containerEventType }) => containerEventType === CONTAINER_STOPPED_EVENT);
        const status = expect.present('status', statusOf(stopped, id), 'its status in containers_statuses');
        expect.equal('exit-code', status.exitCode, 7, 'exit_code in that status');
        expect.that('finished-at', status.finishedAt >= earliestNs, 'finished_at in that status', {
          expected: 'a time in ns',
          actual: status.finishedAt,
        });
      });
    },
  }),

  defineCase({
    id: 'event/container/statuses',
    title: 'sends with each event of a container the sandbox and the state in which the container is then',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      { kind: 'proto', text: 'ContainerEventResponse.pod_sandbox_status and containers_statuses' },
      {
        kind: 'kubelet',
        text: 'drops an event without pod_sandbox_status.metadata, and takes the pod’s status from the others',
      },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener], pod) => {
        const { given, cri, expect } = context;
        const { id: containerId } = await given.startedContainer(pod);
        await cri.runtime.stopContainer({ containerId, timeout: 0n });
        await cri.runtime.removeContainer({ containerId });
        const events = await eventsUntil(context, listener, containerId, CONTAINER_DELETED_EVENT);
        const sandboxes = events.map(({ podSandboxStatus }) => podSandboxStatus);
        expect.equal<unknown>(
          'sandbox',
          sandboxes.map((status) => [status?.id, status?.metadata?.uid]),
          events.map(() => [pod.id, pod.config.metadata?.uid]),
          'id and metadata.uid in pod_sandbox_status of each event',
        );
        const states = events.map((event) => {
          const status = statusOf(event, containerId);
          return status && containerState(status);
        });
        expect.equal<unknown>(
          'states',
          states.filter((state, place) => state !== states[place - 1]),
          ['CONTAINER_CREATED', 'CONTAINER_RUNNING', 'CONTAINER_EXITED', undefined],
          'its state in containers_statuses of each event, once it is deleted none',
        );
      });
    },
  }),

  defineCase({
    id: 'event/container/created-at',
    title: 'gives each event the time at which it happened',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      { kind: 'proto', text: 'ContainerEventResponse.created_at: in nanoseconds' },
      { kind: 'kubelet', text: 'writes it into its cache as the time at which the pod’s status was known' },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener], pod) => {
        const { given, expect } = context;
        const { container, status } = await given.exitedContainer(pod, { command: ['sleep', '0.2'] });
        const events = await eventsUntil(context, listener, container.id, CONTAINER_STOPPED_EVENT);
        const times = events.map(({ createdAt }) => createdAt);
        expect.equal('in-order', times, [...times].sort(ascending), 'created_at of the events, as they came');
        const at = (type: ContainerEventType): bigint =>
          events.find(({ containerEventType }) => containerEventType === type)?.createdAt ?? 0n;
        const started = at(CONTAINER_STARTED_EVENT);
        expect.that('after-start', started >= status.startedAt, 'the started event is not from before the start', {
          expected: { notBefore: status.startedAt },
          actual: started,
        });
        const stopped = at(CONTAINER_STOPPED_EVENT);
        expect.that('after-end', stopped >= status.finishedAt, 'the stopped event is not from before the end', {
          expected: { notBefore: status.finishedAt },
          actual: stopped,
        });
      });
    },
  }),

  defineCase({
    id: 'event/two-subscribers',
    title: 'sends every event to every subscriber',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      {
        kind: 'proto',
        text: 'GetContainerEvents: the container events of the runtime, with no word of others who listen',
      },
      {
        kind: 'kep',
        text: 'KEP-3386: the kubelet need not ask for what it was told, so what another client took is lost',
      },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 2, async (listeners, pod) => {
        const { given, cri, expect } = context;
        const { id: containerId } = await given.startedContainer(pod);
        await cri.runtime.stopContainer({ containerId, timeout: 0n });
        await cri.runtime.removeContainer({ containerId });
        const all = ['created', 'started', 'stopped', 'deleted'];
        await expect.eventually(
          'each-has-all',
          () => Promise.resolve(listeners.map((listener) => wordsOf(eventsAbout(listener, containerId)))),
          (seen) => seen.every((words) => all.every((word) => words.includes(word))),
          'the events about a container that both subscribers received',
          { expected: [all, all], withinMs: 5_000 },
        );
      });
    },
  }),
];

function statusOf(
  event: ContainerEventResponse | undefined,
  containerId: string,
): ContainerEventResponse['containersStatuses'][number] | undefined {
  return event?.containersStatuses.find(({ id }) => id === containerId);
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : Number(one > other);
}
