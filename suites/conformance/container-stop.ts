import { defineCase } from '../../src/kit/case.ts';
import { containerState, containerStatus, nobody } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/stop/is-idempotent',
    title: 'accepts StopContainer of a container that is stopped, and keeps how it ended',
    level: 'required',
    rpcs: ['StopContainer'],
    basis: [
      { kind: 'proto', text: 'StopContainer: idempotent, no error when the container has already been stopped' },
      { kind: 'kubelet', text: 'stops again whenever it is not sure that an earlier stop got through' },
    ],
    critest: ['ID-5#second-stop'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      await expect.succeeds('first-stop', cri.runtime.stopContainer({ containerId, timeout: 0n }), 'StopContainer');
      const first = await containerStatus(context, containerId, 'status-after-first');
      await expect.succeeds(
        'second-stop',
        cri.runtime.stopContainer({ containerId, timeout: 1n }),
        'StopContainer again',
      );
      const second = await containerStatus(context, containerId, 'status-after-second');
      expect.equal<unknown>(
        'unchanged',
        [containerState(second), second.exitCode, second.finishedAt],
        ['CONTAINER_EXITED', first.exitCode, first.finishedAt],
        'state, exit_code and finished_at after the second stop',
      );
    },
  }),

  defineCase({
    id: 'container/stop/exited-container',
    title: 'accepts StopContainer of a container that ended by itself, and keeps its exit code',
    level: 'required',
    rpcs: ['StopContainer'],
    basis: [
      { kind: 'proto', text: 'StopContainer: no error when there is nothing to stop' },
      { kind: 'kubelet', text: 'decides to stop a container that may end by itself in the meantime' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { container, status } = await given.exitedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'exit 5'],
      });
      await expect.succeeds(
        'stop',
        cri.runtime.stopContainer({ containerId: container.id, timeout: 1n }),
        'StopContainer of an exited container',
      );
      const after = await containerStatus(context, container.id);
      expect.equal<unknown>(
        'unchanged',
        [containerState(after), after.exitCode, after.finishedAt],
        ['CONTAINER_EXITED', 5, status.finishedAt],
        'state, exit_code and finished_at after the stop',
      );
    },
  }),

  defineCase({
    id: 'container/stop/created-container',
    title: 'accepts StopContainer of a container that was never started',
    level: 'specified',
    rpcs: ['StopContainer'],
    basis: [{ kind: 'proto', text: 'StopContainer: no error when there is nothing to stop' }],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { id: containerId } = await given.container(await given.sharedPodSandbox());
      await expect.succeeds(
        'stop',
        cri.runtime.stopContainer({ containerId, timeout: 1n }),
        'StopContainer of a created container',
      );
      const state = containerState(await containerStatus(context, containerId));
      expect.that('does-not-run', state !== 'CONTAINER_RUNNING', 'the container does not run', {
        expected: 'any other state',
        actual: state,
      });
      observe('container.stopped-before-start', state);
    },
  }),

  defineCase({
    id: 'container/stop/unknown-id',
    title: 'accepts StopContainer of an id that it does not know',
    level: 'specified',
    rpcs: ['StopContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'StopContainer: must not return an error if the container has already been stopped or is gone',
      },
    ],
    critest: ['ID-4#stop-unknown'],
    async run({ cri, expect }) {
      await expect.succeeds(
        'stop-unknown',
        cri.runtime.stopContainer({ containerId: nobody, timeout: 0n }),
        'StopContainer of an unknown id',
      );
    },
  }),
];
