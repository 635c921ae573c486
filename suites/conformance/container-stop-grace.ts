import { setTimeout as pause } from 'node:timers/promises';
import { defineCase } from '../../src/kit/case.ts';
import { containerState, containerStatus } from './ask.ts';

/** What a runtime may take on a busy machine, beyond what it was told to wait. */
const slackMs = 5_000;

/** Runs a stop; answers how long it took. */
async function lasting(stop: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await stop;
  return performance.now() - start;
}

export const cases = [
  defineCase({
    id: 'container/stop/sends-term',
    title: 'lets a container end by itself on SIGTERM, and returns as soon as it has',
    level: 'required',
    rpcs: ['StopContainer', 'ContainerStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'StopContainerRequest.timeout: seconds to wait for the container before it is ended by force',
      },
      {
        kind: 'kubelet',
        text: 'gives every container its pod’s grace period; rolling updates last as long as the stops do',
      },
    ],
    critest: ['CT-4#exited'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), "trap 'exit 7' TERM");
      const tookMs = await lasting(
        expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 20n }), 'StopContainer'),
      );
      const status = await containerStatus(context, containerId);
      expect.equal('exited', containerState(status), 'CONTAINER_EXITED', 'the state right after StopContainer');
      expect.equal('exit-code', status.exitCode, 7, 'the exit code that the TERM trap ends with');
      expect.that('before-grace', tookMs < 10_000, 'StopContainer does not wait for a container that has ended', {
        expected: 'much less than the grace period of 20 s',
        actual: `${tookMs.toFixed(0)} ms`,
      });
    },
  }),

  defineCase({
    id: 'container/stop/kills-after-grace',
    title: 'kills a container that ignores SIGTERM when its grace period is over, and not before',
    level: 'required',
    rpcs: ['StopContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'StopContainer: when the grace period is over the container is killed' },
      { kind: 'kubelet', text: 'counts on StopContainer to end, with the container gone' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), "trap '' TERM");
      const tookMs = await lasting(
        expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 3n }), 'StopContainer'),
      );
      const status = await containerStatus(context, containerId);
      expect.equal('exited', containerState(status), 'CONTAINER_EXITED', 'the state right after StopContainer');
      expect.equal('exit-code', status.exitCode, 137, 'the exit code of a process that SIGKILL ended');
      // Timers of the two sides may differ by some milliseconds; without any grace a busy machine took up to 1 s.
      expect.that('not-before', tookMs > 2_950, 'the container has its grace period of 3 s', {
        expected: 'at least 3000 ms',
        actual: `${tookMs.toFixed(0)} ms`,
      });
      expect.that('in-time', tookMs < 3_000 + slackMs, 'StopContainer ends when the grace period does', {
        expected: `less than ${String(3_000 + slackMs)} ms`,
        actual: `${tookMs.toFixed(0)} ms`,
      });
    },
  }),

  defineCase({
    id: 'container/stop/without-grace',
    title: 'kills a container at once when the grace period is 0',
    level: 'specified',
    rpcs: ['StopContainer', 'ContainerStatus'],
    basis: [{ kind: 'proto', text: 'StopContainerRequest.timeout: 0 means by force and at once' }],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), "trap '' TERM");
      const tookMs = await lasting(
        expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 0n }), 'StopContainer'),
      );
      const status = await containerStatus(context, containerId);
      expect.equal('exited', containerState(status), 'CONTAINER_EXITED', 'the state right after StopContainer');
      expect.equal('exit-code', status.exitCode, 137, 'the exit code of a process that SIGKILL ended');
      expect.that('at-once', tookMs < slackMs, 'StopContainer waits for nothing', {
        expected: `less than ${String(slackMs)} ms`,
        actual: `${tookMs.toFixed(0)} ms`,
      });
    },
  }),

  defineCase({
    id: 'container/stop/shorter-grace-wins',
    title: 'obeys a later StopContainer with a shorter grace period while an earlier one waits',
    level: 'required',
    rpcs: ['StopContainer'],
    basis: [
      { kind: 'proto', text: 'StopContainer: may be called again, each call with its own timeout' },
      { kind: 'kubelet', text: 'kubectl delete with a shorter grace period makes it stop the containers again' },
    ],
    async run(context) {
      const { given, cri, expect, signal } = context;
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), "trap '' TERM");
      const patient = expect.succeeds(
        'patient-stop',
        cri.runtime.stopContainer({ containerId, timeout: 40n }),
        'StopContainer with a grace period of 40 s, cut short by another',
      );
      // It may fail before it is waited for below.
      patient.catch(() => undefined);
      await pause(200, undefined, { signal });
      const tookMs = await lasting(
        Promise.all([
          patient,
          expect.succeeds(
            'impatient-stop',
            cri.runtime.stopContainer({ containerId, timeout: 0n }),
            'StopContainer without a grace period while another waits',
          ),
        ]),
      );
      expect.that('at-once', tookMs < slackMs, 'both calls return when the shorter grace period is over', {
        expected: `less than ${String(slackMs)} ms`,
        actual: `${tookMs.toFixed(0)} ms`,
      });
      const status = await containerStatus(context, containerId);
      expect.equal('exited', containerState(status), 'CONTAINER_EXITED', 'the state afterwards');
    },
  }),

  defineCase({
    id: 'container/stop/signal-of-image',
    title: 'stops a container by the signal that its image names',
    level: 'specified',
    rpcs: ['StopContainer'],
    basis: [
      { kind: 'oci', text: 'image configuration, StopSignal: the signal that ends the container' },
      { kind: 'kubelet', text: 'leaves the signal to the runtime unless the pod names one' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const image = await given.image('stop-signal:1');
      const { id: containerId } = await given.readyContainer(
        await given.sharedPodSandbox(),
        "trap 'exit 42' INT; trap 'exit 43' TERM",
        {},
        image,
      );
      await expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 20n }), 'StopContainer');
      const status = await containerStatus(context, containerId);
      expect.equal('by-sigint', status.exitCode, 42, 'the exit code, 42 from the INT trap, 43 from the TERM trap');
    },
  }),
];
