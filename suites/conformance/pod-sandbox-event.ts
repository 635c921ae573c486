import { isDeepStrictEqual } from 'node:util';
import { ContainerEventType, PodSandboxState } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { containerState } from './ask.ts';
import { eventLocks as locks, eventNeeds as needs, eventsUntil, whileListening, wordsOf } from './event.ts';

const { CONTAINER_DELETED_EVENT } = ContainerEventType;

export const cases = [
  defineCase({
    id: 'event/pod-sandbox/lifecycle',
    title: 'tells in events that a pod sandbox was created, started, stopped and deleted, in this order',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      {
        kind: 'kep',
        text: 'KEP-3386: the events of a sandbox are those of its sandbox container, by the sandbox’s id',
      },
      { kind: 'kubelet', text: 'tells sandbox events by container_id = pod_sandbox_status.id' },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener]) => {
        const { given, cri, expect } = context;
        const { id: podSandboxId } = await given.podSandbox();
        await cri.runtime.stopPodSandbox({ podSandboxId });
        await cri.runtime.removePodSandbox({ podSandboxId });
        const events = await eventsUntil(context, listener, podSandboxId, CONTAINER_DELETED_EVENT);
        expect.equal('order', wordsOf(events), ['created', 'started', 'stopped', 'deleted'], 'the events about it');
      });
    },
  }),

  defineCase({
    id: 'event/pod-sandbox/status',
    revision: 2,
    title: 'sends with each event of a pod sandbox what the sandbox is and in which state',
    level: 'specified',
    rpcs: ['GetContainerEvents'],
    basis: [
      { kind: 'proto', text: 'ContainerEventResponse.pod_sandbox_status' },
      { kind: 'kubelet', text: 'drops an event without pod_sandbox_status.metadata, also that of a deletion' },
      { kind: 'kubelet', text: 'takes state and addresses of the pod from the event, without asking again' },
    ],
    needs,
    locks,
    async run(context) {
      await whileListening(context, 1, async ([listener]) => {
        const { given, cri, expect } = context;
        const pod = await given.podSandbox({ metadata: { attempt: 3 } });
        const { status } = await cri.runtime.podSandboxStatus({ podSandboxId: pod.id });
        await cri.runtime.stopPodSandbox({ podSandboxId: pod.id });
        await cri.runtime.removePodSandbox({ podSandboxId: pod.id });
        const events = await eventsUntil(context, listener, pod.id, CONTAINER_DELETED_EVENT);
        const { metadata } = pod.config;
        const told = new Map(events.map((event) => [wordsOf([event])[0], event.podSandboxStatus]));
        expect.equal<unknown>(
          'metadata',
          Object.fromEntries([...told].map(([word, ofEvent]) => [word, ofEvent?.metadata])),
          { created: metadata, started: metadata, stopped: metadata, deleted: metadata },
          'metadata in pod_sandbox_status of the events',
        );
        expect.equal<unknown>(
          'states',
          ['started', 'stopped', 'deleted'].map((word) => PodSandboxState[told.get(word)?.state ?? -1]),
          ['SANDBOX_READY', 'SANDBOX_NOTREADY', 'SANDBOX_NOTREADY'],
          'the states in pod_sandbox_status of the events that it was started, stopped and deleted',
        );
        expect.equal(
          'address',
          told.get('started')?.network?.ip ?? '',
          status?.network?.ip ?? '',
          'network.ip in pod_sandbox_status of the event that it was started, as in PodSandboxStatus',
        );
      });
    },
  }),

  defineCase({
    id: 'event/matches-pod-sandbox-status',
    revision: 2,
    title: 'answers PodSandboxStatus with every container’s status whenever it says when that was recorded',
    level: 'specified',
    rpcs: ['PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxStatusResponse.timestamp: when container and pod statuses were recorded' },
      {
        kind: 'kubelet',
        text: 'with events on takes containers_statuses for the pod’s whole state as soon as timestamp is set, and so believes that a pod without them has no containers',
      },
    ],
    async run({ given, cri, expect, observe }) {
      const pod = await given.podSandbox();
      const { id } = await given.startedContainer(pod);
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const all = [`${id} CONTAINER_RUNNING`, `${exited.id} CONTAINER_EXITED`].sort();
      const { timestamp, containersStatuses } = await expect.succeeds(
        'answers',
        cri.runtime.podSandboxStatus({ podSandboxId: pod.id }),
        'PodSandboxStatus of a sandbox that exists',
      );
      observe('pod-sandbox.container-statuses', {
        timestamp: timestamp === 0n ? 'unset' : 'set',
        statuses: containersStatuses.length === 0 ? 'none' : 'some',
      });
      const listed = containersStatuses.map((status) => `${status.id} ${containerState(status)}`).sort();
      expect.that(
        'complete',
        timestamp === 0n || isDeepStrictEqual(listed, all),
        'containers_statuses of a response with a timestamp',
        { expected: all, actual: { timestamp, listed } },
      );
    },
  }),
];
