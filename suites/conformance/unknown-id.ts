import { defineCase } from '../../src/kit/case.ts';
import { codeOfCall, nobody } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/unknown-id/is-refused',
    title: 'refuses every call about a container that it does not know, except those that would end it',
    level: 'specified',
    rpcs: [
      'Attach',
      'ContainerStats',
      'ContainerStatus',
      'Exec',
      'ExecSync',
      'ReopenContainerLog',
      'StartContainer',
      'UpdateContainerResources',
    ],
    basis: [
      {
        kind: 'proto',
        text: 'each of these calls acts on the container of the id or tells about it; without one there is nothing to answer',
      },
    ],
    async run({ cri: { runtime }, expect, observe }) {
      const containerId = nobody;
      const cmd = ['true'];
      const acting = {
        Attach: await codeOfCall(runtime.attach({ containerId, stdout: true })),
        ContainerStats: await codeOfCall(runtime.containerStats({ containerId })),
        ContainerStatus: await codeOfCall(runtime.containerStatus({ containerId })),
        Exec: await codeOfCall(runtime.exec({ containerId, cmd, stdout: true })),
        ExecSync: await codeOfCall(runtime.execSync({ containerId, cmd, timeout: 10n })),
        ReopenContainerLog: await codeOfCall(runtime.reopenContainerLog({ containerId })),
        StartContainer: await codeOfCall(runtime.startContainer({ containerId })),
        UpdateContainerResources: await codeOfCall(
          // Without the platform's part one server is known to crash.
          runtime.updateContainerResources({ containerId, linux: { cpuShares: 2n } }),
        ),
      };
      observe('container.unknown-id', {
        ...acting,
        RemoveContainer: await codeOfCall(runtime.removeContainer({ containerId })),
        StopContainer: await codeOfCall(runtime.stopContainer({ containerId, timeout: 0n })),
      });
      for (const [rpc, code] of Object.entries(acting)) {
        expect.that(
          `${kebab(rpc)}-refused`,
          code !== 'OK' && code !== 'Unimplemented',
          `${rpc} of an unknown container`,
          {
            expected: 'an error about the container',
            actual: code,
          },
        );
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/unknown-id/has-no-stats',
    title: 'refuses PodSandboxStats of an id that it does not know',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [{ kind: 'proto', text: 'PodSandboxStats: an error when the sandbox does not exist' }],
    needs: ['rpc:PodSandboxStats'],
    async run({ cri: { runtime }, expect, observe }) {
      const podSandboxId = nobody;
      const { code } = await expect.fails(
        'refused',
        runtime.podSandboxStats({ podSandboxId }),
        'PodSandboxStats of an unknown sandbox',
      );
      observe('pod-sandbox.unknown-id', {
        PodSandboxStats: code,
        PodSandboxStatus: await codeOfCall(runtime.podSandboxStatus({ podSandboxId })),
        PortForward: await codeOfCall(runtime.portForward({ podSandboxId, port: [80] })),
        RemovePodSandbox: await codeOfCall(runtime.removePodSandbox({ podSandboxId })),
        StopPodSandbox: await codeOfCall(runtime.stopPodSandbox({ podSandboxId })),
      });
    },
  }),
];

/** An RPC's name as an expectation's key: ContainerStats becomes container-stats. */
function kebab(rpc: string): string {
  return rpc.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
