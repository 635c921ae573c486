import { defineCase } from '../../src/kit/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { codeOfCall, containerState, containerStatus, execSync } from './ask.ts';
import { imageStatus } from './image.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'image.remove-in-use',
    meaning:
      'whether an image that a container runs from can be removed: a pod that is restarted has to pull it again then',
    stability: 'exact',
    source: 'source: containerd removes its names, CRI-O refuses because it is in use',
  },
];

const locks = [{ scope: 'target', resource: 'image-store' }] as const;
/** So many clients remove the same image at once. */
const atOnce = 5;

export const cases = [
  defineCase({
    id: 'image/remove/concurrently',
    title: 'accepts RemoveImage of one image by several at once, each of whom finds it gone then',
    level: 'required',
    rpcs: ['RemoveImage', 'ImageStatus'],
    critest: ['IC-3#gone-at-once'],
    images: ['remove-concurrently'],
    basis: [
      { kind: 'proto', text: 'RemoveImage: idempotent, no error when the image has already been removed' },
      { kind: 'kubelet', text: 'collects images while others remove them by hand' },
    ],
    locks: [...locks],
    async run({ given, cri, expect }) {
      const reference = given.mintedImage('remove-concurrently');
      const { imageRef } = await given.pulledImage(reference);
      const image = { image: imageRef };
      const removals = Array.from({ length: atOnce }, async () => {
        await cri.image.removeImage({ image });
        const { image: left } = await cri.image.imageStatus({ image });
        return left?.id;
      });
      const left = await expect.succeeds('all-succeed', Promise.all(removals), 'five times RemoveImage at once');
      expect.equal<unknown>(
        'gone-at-once',
        left,
        Array.from({ length: atOnce }, () => undefined),
        'the id of the image right after each removal',
      );
    },
  }),

  defineCase({
    id: 'image/remove/in-use',
    title: 'lets a container run on whose image somebody removes, or tries to',
    level: 'required',
    rpcs: ['RemoveImage', 'ContainerStatus'],
    images: ['remove-in-use'],
    basis: [
      {
        kind: 'proto',
        text: 'CONTAINER_RUNNING until its process ends or StopContainer; RemoveImage is about the image',
      },
      { kind: 'kubelet', text: 'leaves to the runtime what becomes of an image in use that is removed by hand' },
    ],
    needs: ['processes'],
    locks: [...locks],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const reference = given.mintedImage('remove-in-use');
      const { imageRef } = await given.pulledImage(reference);
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), {}, { reference, imageRef });
      const removal = await codeOfCall(cri.image.removeImage({ image: { image: reference } }));
      const state = containerState(await containerStatus(context, id));
      expect.equal('still-runs', state, 'CONTAINER_RUNNING', 'state of the container after RemoveImage of its image');
      const { stdout } = await execSync(context, id, ['cat', '/etc/crible-minted']);
      const name = reference.slice(given.imageReference('').length);
      expect.equal('its-files', stdout, `${name}\n`, 'a file of the image, read in the container');
      const left = await imageStatus(context, reference, 'image');
      observe('image.remove-in-use', { RemoveImage: removal, image: left === undefined ? 'gone' : 'stays' });
    },
  }),
];
