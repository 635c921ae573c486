import { PodSandboxState } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';

/** No runtime has a pod sandbox or container of this id. */
const nobody = 'f'.repeat(64);

export const cases = [
  defineCase({
    id: 'pod-sandbox/run/is-ready-at-once',
    title: 'reports SANDBOX_READY as soon as RunPodSandbox returns',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [{ kind: 'proto', text: 'RunPodSandbox: a sandbox is ready when the call has succeeded' }],
    async run({ given, cri, expect, target }) {
      const config = given.podSandboxConfig();
      const { podSandboxId } = await expect.succeeds(
        'run-succeeds',
        cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
        'RunPodSandbox of a kubelet-shaped config succeeds',
      );
      expect.that('id-not-empty', podSandboxId !== '', 'RunPodSandbox answers the id', {
        expected: 'an id',
        actual: podSandboxId,
      });
      const answer = await expect.succeeds(
        'status-succeeds',
        cri.runtime.podSandboxStatus({ podSandboxId }),
        'PodSandboxStatus knows the id',
      );
      const status = expect.present('status-set', answer.status, 'PodSandboxStatusResponse.status is set');
      expect.equal('ready', PodSandboxState[status.state], 'SANDBOX_READY', 'the state right after RunPodSandbox');
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/is-idempotent',
    title: 'accepts StopPodSandbox of a sandbox that is already stopped',
    level: 'required',
    rpcs: ['StopPodSandbox'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: idempotent, no error when the sandbox has already been stopped' },
      { kind: 'kubelet', text: 'stops a sandbox again whenever it is not sure that an earlier stop got through' },
    ],
    async run({ given, cri, expect }) {
      const { id: podSandboxId } = await given.podSandbox();
      await expect.succeeds(
        'first-stop',
        cri.runtime.stopPodSandbox({ podSandboxId }),
        'StopPodSandbox of a ready sandbox',
      );
      await expect.succeeds(
        'second-stop',
        cri.runtime.stopPodSandbox({ podSandboxId }),
        'StopPodSandbox of a stopped sandbox',
      );
      const { status } = await cri.runtime.podSandboxStatus({ podSandboxId });
      expect.equal(
        'still-not-ready',
        status && PodSandboxState[status.state],
        'SANDBOX_NOTREADY',
        'the state after two stops',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/unknown-id',
    title: 'accepts StopPodSandbox of an id that it does not know',
    level: 'specified',
    rpcs: ['StopPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'StopPodSandbox: must not return an error if the sandbox has already been stopped or removed',
      },
    ],
    async run({ cri, expect }) {
      await expect.succeeds(
        'stop-unknown',
        cri.runtime.stopPodSandbox({ podSandboxId: nobody }),
        'StopPodSandbox of an unknown id',
      );
    },
  }),
];
