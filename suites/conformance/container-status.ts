import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MountPropagation } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, containerStatus, listContainers, nobody, notJson, ours } from './ask.ts';
import { kindOfImageName } from './image-name.ts';

/** A key that is a label and an annotation, each with a value of its own. */
const inBoth = 'crible.example/both';

export const cases = [
  defineCase({
    id: 'container/status/metadata',
    revision: 2,
    title: 'returns the metadata of a container as it was given',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.metadata: that of the container config' },
      { kind: 'kubelet', text: 'matches containers to the pod spec by name, and counts restarts by attempt' },
    ],
    critest: ['CT-2#metadata'],
    async run(context) {
      const { given, expect } = context;
      const { id, config } = await given.container(await given.sharedPodSandbox(), { metadata: { attempt: 300 } });
      const { metadata } = await containerStatus(context, id);
      expect.equal('metadata', metadata, config.metadata, 'ContainerStatus.metadata');
    },
  }),

  defineCase({
    id: 'container/status/labels',
    revision: 2,
    title: 'returns the labels of a container',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.labels: those of the container config' },
      { kind: 'kubelet', text: 'reads the pod’s uid and the container’s name from them' },
    ],
    critest: ['CT-2#labels'],
    async run(context) {
      const { given, expect } = context;
      const labels = { [inBoth]: 'label', 'crible.example/empty': '', 'crible.example/text': 'A.b-c_1', plain: '0' };
      const annotations = { [inBoth]: 'annotation' };
      const { id, config } = await given.container(await given.sharedPodSandbox(), { labels, annotations });
      const status = await containerStatus(context, id);
      expect.equal('labels', ours(config.labels, status.labels), config.labels, 'the labels that were sent');
    },
  }),

  defineCase({
    id: 'container/status/annotations',
    revision: 2,
    title: 'returns the annotations of a container and no others',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerStatus.annotations: the same as in the config that the container was made with',
      },
      { kind: 'kubelet', text: 'keeps restart count, hash of the spec and termination message path in them' },
    ],
    critest: ['CT-2#annotations'],
    async run(context) {
      const { given, expect } = context;
      const { id, config } = await given.container(await given.sharedPodSandbox(), {
        labels: { [inBoth]: 'label' },
        annotations: {
          [inBoth]: 'annotation',
          'crible.example/empty': '',
          'crible.example/json': '{"a": ["b c", "\\n"]}',
          // Kubernetes allows 256 KiB of them.
          'crible.example/long': 'long '.repeat(4_000),
          'crible.example/text': 'zwei\nlänger=ja',
        },
      });
      const status = await containerStatus(context, id);
      expect.equal('annotations', status.annotations, config.annotations, 'ContainerStatus.annotations');
    },
  }),

  defineCase({
    id: 'container/status/mounts',
    revision: 3,
    title: 'reports the mounts of a container as they were asked for',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.mounts: the mounts of the container' },
      {
        kind: 'kubelet',
        text: 'finds the file with the termination message by the mount’s container_path and reads its host_path',
      },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, expect } = context;
      const message = join(given.hostFolder(), 'message');
      writeFileSync(message, '');
      const oddlyNamed = join(given.hostFolder(), 'with blank, ü=1');
      mkdirSync(oddlyNamed);
      const mounts = [
        { containerPath: '/dev/termination-log', hostPath: message, readonly: false },
        { containerPath: '/mnt/own', hostPath: given.hostFolder(), readonly: true },
        { containerPath: '/mnt/shared', hostPath: given.hostFolder(), readonly: false },
        { containerPath: '/mnt/with blank', hostPath: oddlyNamed, readonly: false },
      ];
      const { id } = await given.container(await given.sharedPodSandbox(), {
        mounts: mounts.map((mount) => ({ ...mount, propagation: MountPropagation.PROPAGATION_PRIVATE })),
      });
      const status = await containerStatus(context, id);
      const seen = status.mounts
        .map(({ containerPath, hostPath, readonly }) => ({ containerPath, hostPath, readonly }))
        .sort((a, b) => (a.containerPath < b.containerPath ? -1 : 1));
      expect.equal('mounts', seen, mounts, 'container_path, host_path and readonly of ContainerStatus.mounts');
    },
  }),

  defineCase({
    id: 'container/status/image',
    revision: 2,
    title: 'names the image of a container so that ImageStatus finds it',
    level: 'required',
    rpcs: ['ContainerStatus', 'ListContainers', 'ImageStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerStatus, Container: image and image_ref, the image that the container was made from; image_id, its id in the image service',
      },
      { kind: 'kubelet', text: 'keeps images in use from garbage collection by what containers name as theirs' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pulled = await given.image('shell:1');
      const { image: known } = await cri.image.imageStatus({ image: { image: pulled.reference } });
      const { id } = await given.container(await given.sharedPodSandbox(), {}, pulled);
      const status = await containerStatus(context, id);
      const [listed] = await listContainers(context, { id });
      observe('container.image', kindOfImageName(status.image?.image, pulled.reference));
      observe('container.image-ref', kindOfImageName(status.imageRef, pulled.reference));
      observe('container.listed-image-ref', kindOfImageName(listed?.imageRef, pulled.reference));
      for (const [key, name] of [
        ['image', status.image?.image ?? ''],
        ['image-ref', status.imageRef],
      ] as const) {
        expect.that(`${key}-not-empty`, name !== '', `${key} of the status names an image`, {
          expected: 'a name',
          actual: name,
        });
        const { image } = await expect.succeeds(
          `${key}-status`,
          cri.image.imageStatus({ image: { image: name } }),
          'ImageStatus by what the container names',
        );
        expect.equal(`${key}-found`, image?.id, known?.id, 'the id of the image that it finds');
      }
      for (const [key, name] of [
        ['listed-image', listed?.image?.image ?? ''],
        ['listed-image-ref', listed?.imageRef ?? ''],
      ] as const) {
        const outcome = await answerOrRefusal(cri.image.imageStatus({ image: { image: name } }));
        const found = 'answer' in outcome ? outcome.answer.image?.id : outcome.refusedWith;
        expect.equal(
          key,
          found,
          known?.id,
          `the id of the image that ImageStatus finds by what the list names: ${name}`,
        );
      }
      // The field is younger than its message.
      const told = [status.imageId, listed?.imageId ?? ''].filter((imageId) => imageId !== '');
      expect.equal<unknown>(
        'image-id',
        told,
        told.map(() => known?.id),
        'image_id of status and list, where they tell it',
      );
    },
  }),

  defineCase({
    id: 'container/status/log-path',
    title: 'reports the path of a container’s log on the host',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'PodSandboxConfig.log_directory, ContainerConfig.log_path: the log lies at the one joined to the other',
      },
      { kind: 'kubelet', text: 'opens ContainerStatus.log_path for kubectl logs, and rotates the file there' },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id, logPath } = await given.container(await given.sharedPodSandbox());
      expect.equal('log-path', (await containerStatus(context, id)).logPath, logPath, 'ContainerStatus.log_path');
    },
  }),

  defineCase({
    id: 'container/status/unknown-id',
    title: 'answers ContainerStatus of an id that it does not know with NotFound',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus: an error when the container does not exist' },
      {
        kind: 'kubelet',
        text: 'passes over a container that went away only if the code is NotFound; any other fails the pod’s status',
      },
    ],
    async run({ cri, expect }) {
      await expect.fails(
        'not-found',
        cri.runtime.containerStatus({ containerId: nobody }),
        'ContainerStatus of an unknown id',
        ['NotFound'],
      );
    },
  }),

  defineCase({
    id: 'container/status/info-only-when-verbose',
    title: 'adds debugging information to ContainerStatus only when asked, as JSON',
    level: 'specified',
    rpcs: ['ContainerStatus'],
    basis: [{ kind: 'proto', text: 'ContainerStatusResponse.info: not empty only when verbose; values are JSON' }],
    async run({ given, cri, expect, observe }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const plain = await expect.succeeds('plain', cri.runtime.containerStatus({ containerId }), 'ContainerStatus');
      expect.equal('no-info', Object.keys(plain.info), [], 'the keys of info without verbose');
      const { info } = await expect.succeeds(
        'verbose',
        cri.runtime.containerStatus({ containerId, verbose: true }),
        'ContainerStatus with verbose',
      );
      expect.equal('json', notJson(info), {}, 'the values of info that are no JSON');
      observe('container.verbose-info', Object.keys(info).sort());
    },
  }),
];
