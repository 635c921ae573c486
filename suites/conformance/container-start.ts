import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, containerState, containerStatus, earliestNs, idsOf, listContainers, nobody } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/start/is-running',
    title: 'reports CONTAINER_RUNNING, with the time of its start, as soon as StartContainer returns',
    level: 'required',
    rpcs: ['StartContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'StartContainer starts the container; ContainerStatus.started_at is the time of it' },
      { kind: 'kubelet', text: 'runs postStart hooks and start-up probes from then on' },
    ],
    critest: ['CT-3#running'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.container(await given.sharedPodSandbox());
      await expect.succeeds(
        'start',
        cri.runtime.startContainer({ containerId }),
        'StartContainer of a created container',
      );
      const status = await containerStatus(context, containerId);
      expect.equal('running', containerState(status), 'CONTAINER_RUNNING', 'the state right after StartContainer');
      expect.that('started-at', status.startedAt > earliestNs, 'started_at is a time in nanoseconds', {
        expected: `more than ${String(earliestNs)}`,
        actual: status.startedAt,
      });
      expect.equal('not-finished', status.finishedAt, 0n, 'finished_at of a running container');
    },
  }),

  defineCase({
    id: 'container/start/running-container',
    title: 'refuses to start a container that runs, and leaves it alone',
    level: 'specified',
    rpcs: ['StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerState: a container goes from CREATED to RUNNING once; only a created one is started',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const before = await containerStatus(context, containerId, 'status-before');
      await expect.fails(
        'refused',
        cri.runtime.startContainer({ containerId }),
        'StartContainer of a running container',
      );
      const after = await containerStatus(context, containerId, 'status-after');
      expect.equal<unknown>(
        'unchanged',
        [containerState(after), after.startedAt],
        ['CONTAINER_RUNNING', before.startedAt],
        'state and started_at after the refusal',
      );
    },
  }),

  defineCase({
    id: 'container/start/exited-container',
    title: 'never starts a container again that has exited',
    level: 'required',
    rpcs: ['StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerState: CONTAINER_EXITED is the last one' },
      {
        kind: 'kubelet',
        text: 'takes an exited container’s status for its final one, and restarts by making another container',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { container, status } = await given.exitedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'exit 3'],
      });
      await expect.fails(
        'refused',
        cri.runtime.startContainer({ containerId: container.id }),
        'StartContainer of an exited container',
      );
      const after = await containerStatus(context, container.id);
      expect.equal<unknown>(
        'unchanged',
        [containerState(after), after.exitCode, after.startedAt, after.finishedAt],
        ['CONTAINER_EXITED', 3, status.startedAt, status.finishedAt],
        'state, exit_code, started_at and finished_at after the refusal',
      );
    },
  }),

  defineCase({
    id: 'container/start/unknown-id',
    title: 'answers StartContainer of an id that it does not know with NotFound',
    level: 'specified',
    rpcs: ['StartContainer'],
    basis: [{ kind: 'kubelet', text: 'the CRI’s own error helpers know a missing object by the code NotFound alone' }],
    async run({ cri, expect }) {
      await expect.fails(
        'not-found',
        cri.runtime.startContainer({ containerId: nobody }),
        'StartContainer of an unknown id',
        ['NotFound'],
      );
    },
  }),

  defineCase({
    id: 'container/start/unknown-command',
    title: 'says so when a container’s command does not exist, never runs it, and lets it be removed',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'RemoveContainer'],
    basis: [
      {
        kind: 'kubelet',
        text: 'turns the error of CreateContainer or StartContainer into the container’s waiting reason, and tries again later',
      },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const config = await given.containerConfig(pod, { command: ['/crible/has/no/such/command'] });
      const created = await answerOrRefusal(
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
      );
      if ('answer' in created) {
        const { containerId } = created.answer;
        await expect.fails(
          'start-refused',
          cri.runtime.startContainer({ containerId }),
          'StartContainer of a container whose command does not exist',
        );
      }
      const refusedBy = 'answer' in created ? 'StartContainer' : 'CreateContainer';
      const [left] = await listContainers(context, { podSandboxId: pod.id });
      if (left === undefined) {
        observe('container.unknown-command', { refusedBy, container: 'gone' });
        return;
      }
      const status = await containerStatus(context, left.id);
      observe('container.unknown-command', {
        refusedBy,
        container: containerState(status),
        exitCode: status.exitCode,
        reason: status.reason,
        startedAt: status.startedAt === 0n ? 'unset' : 'set',
      });
      expect.that('does-not-run', containerState(status) !== 'CONTAINER_RUNNING', 'the container does not run', {
        expected: 'any other state',
        actual: containerState(status),
      });
      await expect.succeeds('remove', cri.runtime.removeContainer({ containerId: left.id }), 'RemoveContainer of it');
      const afterwards = await listContainers(context, { podSandboxId: pod.id }, 'list-afterwards');
      expect.equal('gone', idsOf(afterwards), [], 'the containers of the sandbox after RemoveContainer');
    },
  }),
];
