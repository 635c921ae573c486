import { defineCase } from '../../src/kit/case.ts';
import { nobody, podSandboxState, podSandboxStatus } from './ask.ts';

const needs = ['rpc:UpdatePodSandboxResources'];
const resources = { cpuPeriod: 100_000n, cpuQuota: 50_000n, cpuShares: 512n, memoryLimitInBytes: 128n * 1024n * 1024n };

export const cases = [
  defineCase({
    id: 'pod-sandbox/update/is-accepted',
    title: 'accepts UpdatePodSandboxResources of a ready sandbox, which stays ready',
    level: 'specified',
    rpcs: ['UpdatePodSandboxResources', 'PodSandboxStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'UpdatePodSandboxResources: updates the PodSandboxConfig with the pod-level resources, after the kubelet has changed the pod’s cgroup',
      },
    ],
    needs,
    async run(context) {
      const { given, cri, expect } = context;
      const { id: podSandboxId } = await given.podSandbox();
      await expect.succeeds(
        'accepted',
        cri.runtime.updatePodSandboxResources({ podSandboxId, overhead: { cpuShares: 2n }, resources }),
        'UpdatePodSandboxResources',
      );
      const status = await podSandboxStatus(context, podSandboxId);
      expect.equal('ready', podSandboxState(status), 'SANDBOX_READY', 'the state of the sandbox afterwards');
    },
  }),

  defineCase({
    id: 'pod-sandbox/update/unknown-id',
    title: 'refuses UpdatePodSandboxResources of an id that it does not know',
    level: 'specified',
    rpcs: ['UpdatePodSandboxResources'],
    basis: [{ kind: 'proto', text: 'UpdatePodSandboxResourcesRequest.pod_sandbox_id: id of the PodSandbox to update' }],
    needs,
    async run({ cri, expect }) {
      await expect.fails(
        'refused',
        cri.runtime.updatePodSandboxResources({ podSandboxId: nobody, resources }),
        'UpdatePodSandboxResources of an unknown sandbox',
      );
    },
  }),
];
