import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, containerState, containerStatus, earliestNs, idsOf, listContainers, nobody } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/create/is-created',
    title: 'reports CONTAINER_CREATED, with a time of creation and no other, as soon as CreateContainer returns',
    level: 'required',
    rpcs: ['CreateContainer', 'ContainerStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerStatus: created_at is in nanoseconds and not 0; started_at and finished_at are 0 until then',
      },
      { kind: 'kubelet', text: 'orders the containers of a pod by created_at' },
    ],
    critest: ['CT-1#created'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.sharedPodSandbox();
      const config = await given.containerConfig(pod);
      const { containerId } = await expect.succeeds(
        'create',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer of a kubelet-shaped config',
      );
      expect.that('id-not-empty', containerId !== '', 'CreateContainer answers the id', {
        expected: 'an id',
        actual: containerId,
      });
      const status = await containerStatus(context, containerId);
      expect.equal('created', containerState(status), 'CONTAINER_CREATED', 'the state right after CreateContainer');
      expect.that('created-at', status.createdAt > earliestNs, 'created_at is a time in nanoseconds', {
        expected: `more than ${String(earliestNs)}`,
        actual: status.createdAt,
      });
      expect.equal('not-started', status.startedAt, 0n, 'started_at before StartContainer');
      expect.equal('not-finished', status.finishedAt, 0n, 'finished_at before StartContainer');
    },
  }),

  defineCase({
    id: 'container/create/same-metadata-twice',
    title: 'never has two containers of the same name and attempt in a sandbox',
    level: 'specified',
    rpcs: ['CreateContainer', 'ListContainers'],
    basis: [
      { kind: 'proto', text: 'ContainerMetadata: name and attempt tell one container of a sandbox from its others' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const { id, config } = await given.container(pod);
      const again = await answerOrRefusal(
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
      );
      observe(
        'container.create-twice',
        'answer' in again ? 'answers the first container' : `refused with ${again.refusedWith}`,
      );
      if ('answer' in again) {
        const { containerId } = again.answer;
        expect.equal('same-container', containerId, id, 'what a repeated CreateContainer answers, when it succeeds');
      }
      const listed = await listContainers(context, { podSandboxId: pod.id });
      expect.equal('one-container', idsOf(listed), [id], 'the containers of the sandbox');
    },
  }),

  defineCase({
    id: 'container/create/metadata-is-free-after-removal',
    title: 'creates a container whose metadata an earlier one had, once that one is removed',
    level: 'specified',
    rpcs: ['CreateContainer', 'RemoveContainer'],
    basis: [{ kind: 'proto', text: 'RemoveContainer: the container is gone, its name with it' }],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.sharedPodSandbox();
      const { id, config } = await given.container(pod);
      await expect.succeeds('remove', cri.runtime.removeContainer({ containerId: id }), 'RemoveContainer');
      const { containerId } = await expect.succeeds(
        'create-again',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer with the metadata of a removed container',
      );
      const listed = await listContainers(context, { podSandboxId: pod.id });
      expect.equal('listed', idsOf(listed), [containerId], 'the containers of the sandbox');
      expect.that('new-id', containerId !== id, 'it is another container', {
        expected: `not ${id}`,
        actual: containerId,
      });
    },
  }),

  defineCase({
    id: 'container/create/next-attempt',
    title: 'creates the next attempt of a container beside the exited one',
    level: 'required',
    rpcs: ['CreateContainer', 'ListContainers'],
    basis: [
      {
        kind: 'kubelet',
        text: 'restarts a container by creating another of the same name with attempt + 1, and keeps the old one for its logs',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.sharedPodSandbox();
      const { container: first } = await given.exitedContainer(pod, { command: ['true'] });
      const { metadata } = first.config;
      const { containerId } = await expect.succeeds(
        'create',
        cri.runtime.createContainer({
          podSandboxId: pod.id,
          config: { ...first.config, metadata: metadata && { ...metadata, attempt: 1 } },
          sandboxConfig: pod.config,
        }),
        'CreateContainer of the next attempt',
      );
      const listed = await listContainers(context, { podSandboxId: pod.id });
      const seen = listed
        .map((item) => [item.id, item.metadata?.attempt, containerState(item)] as const)
        .sort(([, a = 0], [, b = 0]) => a - b);
      expect.equal<unknown>(
        'both-listed',
        seen,
        [
          [first.id, 0, 'CONTAINER_EXITED'],
          [containerId, 1, 'CONTAINER_CREATED'],
        ],
        'id, attempt and state of the containers',
      );
    },
  }),

  defineCase({
    id: 'container/create/unknown-sandbox',
    title: 'refuses CreateContainer in a sandbox that it does not know',
    level: 'specified',
    rpcs: ['CreateContainer'],
    basis: [
      { kind: 'proto', text: 'CreateContainerRequest.pod_sandbox_id: the sandbox that the container is made in' },
    ],
    async run({ given, cri, expect, observe }) {
      const pod = { id: nobody, config: given.podSandboxConfig() };
      const config = await given.containerConfig(pod);
      const { code } = await expect.fails(
        'refused',
        cri.runtime.createContainer({ podSandboxId: nobody, config, sandboxConfig: pod.config }),
        'CreateContainer in an unknown sandbox',
      );
      observe('container.create-in-unknown-sandbox', code);
    },
  }),

  defineCase({
    id: 'container/create/unknown-image',
    title: 'refuses CreateContainer with an image that it does not have',
    level: 'specified',
    rpcs: ['CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.image: the image to use; pulling it is PullImage’s task' },
      { kind: 'kubelet', text: 'pulls by its own policy before it creates a container' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const reference = given.imageReference('crible-has-no-such-image:1');
      const config = await given.containerConfig(pod, {}, { reference, imageRef: reference });
      const { code } = await expect.fails(
        'refused',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer with an absent image',
      );
      const listed = await listContainers(context, { podSandboxId: pod.id });
      expect.equal('nothing-left', idsOf(listed), [], 'the containers of the sandbox after the refusal');
      observe('container.create-with-unknown-image', code);
    },
  }),

  defineCase({
    id: 'container/create/stopped-sandbox',
    title: 'runs no container in a sandbox that is stopped',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: nothing of the sandbox runs any more, and it cannot become ready again' },
      { kind: 'kubelet', text: 'makes a new sandbox for a pod whose sandbox is not ready' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.podSandbox();
      await given.stop(pod);
      const config = await given.containerConfig(pod);
      const created = await answerOrRefusal(
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
      );
      if ('refusedWith' in created) {
        observe('container.create-in-stopped-sandbox', `CreateContainer refused with ${created.refusedWith}`);
      } else {
        const { containerId } = created.answer;
        const { code } = await expect.fails(
          'start-refused',
          cri.runtime.startContainer({ containerId }),
          'StartContainer in a stopped sandbox',
        );
        observe('container.create-in-stopped-sandbox', `StartContainer refused with ${code}`);
      }
      const states = (await listContainers(context, { podSandboxId: pod.id })).map(containerState);
      expect.equal('none-runs', states.includes('CONTAINER_RUNNING'), false, 'whether a container of the sandbox runs');
    },
  }),
];
