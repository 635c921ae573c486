import { defineCase } from '../../src/kit/case.ts';
import { idsOf, listContainers, listPodSandboxes, nobody } from './ask.ts';

export const cases = [
  defineCase({
    id: 'pod-sandbox/remove/is-gone-at-once',
    title: 'neither lists a removed sandbox nor knows its status',
    level: 'required',
    rpcs: ['RemovePodSandbox', 'ListPodSandbox', 'PodSandboxStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'RemovePodSandbox removes the sandbox; PodSandboxStatus of one that is not there is an error',
      },
      {
        kind: 'kubelet',
        text: 'passes over a sandbox that went away between list and status only if the code is NotFound',
      },
    ],
    critest: ['PS-3#not-listed'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      const podSandboxId = pod.id;
      await given.stop(pod);
      await expect.succeeds('remove', cri.runtime.removePodSandbox({ podSandboxId }), 'RemovePodSandbox');
      expect.equal(
        'not-listed',
        idsOf(await listPodSandboxes(context, { id: podSandboxId })),
        [],
        'the list by its id',
      );
      await expect.fails(
        'no-status',
        cri.runtime.podSandboxStatus({ podSandboxId }),
        'PodSandboxStatus of a removed sandbox',
        ['NotFound'],
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/remove/is-idempotent',
    title: 'accepts RemovePodSandbox of a sandbox that is already removed',
    level: 'specified',
    rpcs: ['RemovePodSandbox'],
    basis: [
      { kind: 'proto', text: 'RemovePodSandbox: idempotent, no error when the sandbox has already been removed' },
    ],
    async run({ given, cri, expect }) {
      const pod = await given.podSandbox();
      await given.stop(pod);
      const podSandboxId = pod.id;
      await expect.succeeds(
        'first-removal',
        cri.runtime.removePodSandbox({ podSandboxId }),
        'the first RemovePodSandbox',
      );
      await expect.succeeds('second-removal', cri.runtime.removePodSandbox({ podSandboxId }), 'RemovePodSandbox again');
    },
  }),

  defineCase({
    id: 'pod-sandbox/remove/unknown-id',
    title: 'accepts RemovePodSandbox of an id that it does not know',
    level: 'specified',
    rpcs: ['RemovePodSandbox'],
    basis: [{ kind: 'proto', text: 'RemovePodSandbox: no error when there is nothing left to remove' }],
    critest: ['ID-3#remove-unknown'],
    async run({ cri, expect }) {
      await expect.succeeds(
        'remove-unknown',
        cri.runtime.removePodSandbox({ podSandboxId: nobody }),
        'RemovePodSandbox of an unknown id',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/remove/ready-sandbox',
    title: 'removes a sandbox that is still ready, with its running container',
    level: 'specified',
    rpcs: ['RemovePodSandbox', 'ListPodSandbox', 'ListContainers'],
    basis: [{ kind: 'proto', text: 'RemovePodSandbox: containers that run are terminated by force and removed' }],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: podSandboxId, config } = await given.podSandbox();
      await given.startedContainer({ id: podSandboxId, config });
      await expect.succeeds(
        'remove',
        cri.runtime.removePodSandbox({ podSandboxId }),
        'RemovePodSandbox of a ready sandbox with a running container',
      );
      expect.equal(
        'pod-gone',
        idsOf(await listPodSandboxes(context, { id: podSandboxId })),
        [],
        'the sandbox by its id',
      );
      const left = await listContainers(context, { podSandboxId }, 'list-containers');
      expect.equal('container-gone', idsOf(left), [], 'the containers of the removed sandbox');
    },
  }),

  defineCase({
    id: 'pod-sandbox/remove/removes-containers',
    revision: 2,
    title: 'removes the containers of a removed sandbox, created and exited ones too',
    level: 'required',
    rpcs: ['RemovePodSandbox', 'ListContainers', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'RemovePodSandbox: the containers of the sandbox go with it' },
      {
        kind: 'kubelet',
        text: 'lists all sandboxes and containers, without a filter, and counts each of them as one of some pod',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      const created = await given.container(pod);
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      await given.stop(pod);
      await expect.succeeds('remove', cri.runtime.removePodSandbox({ podSandboxId: pod.id }), 'RemovePodSandbox');
      const left = await listContainers(context, { podSandboxId: pod.id });
      expect.equal('not-listed', idsOf(left), [], 'the containers of the removed sandbox');
      for (const [state, { id: containerId }] of [
        ['created', created],
        ['exited', exited],
      ] as const) {
        await expect.fails(
          `no-status-of-${state}`,
          cri.runtime.containerStatus({ containerId }),
          `ContainerStatus of the ${state} container`,
          ['NotFound'],
        );
      }
      const { items } = await expect.succeeds('whole-list', cri.runtime.listPodSandbox({}), 'ListPodSandbox');
      expect.equal('sandbox-nowhere', idsOf(items).includes(pod.id), false, 'whether the list of all sandboxes has it');
      const { containers } = await expect.succeeds('list', cri.runtime.listContainers({}), 'ListContainers');
      const found = idsOf(containers).filter((id) => [created.id, exited.id].includes(id));
      expect.equal('containers-nowhere', found, [], 'its containers in the list of all containers');
    },
  }),
];
