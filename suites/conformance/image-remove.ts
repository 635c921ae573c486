import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { idsOf, nobody } from './ask.ts';
import { imageStatus, listImages } from './image.ts';

const locks = [{ scope: 'target', resource: 'image-store' }] as const;

/** RemoveImage succeeds, the image is neither listed nor known any more, and another one that shares a layer with it still is. */
async function expectRemoval(context: CaseContext, reference: string, id: string, name: string): Promise<void> {
  const { given, cri, expect } = context;
  const other = await given.image('env:1');
  await expect.succeeds('remove', cri.image.removeImage({ image: { image: name } }), 'RemoveImage');
  const byTag = await imageStatus(context, reference, 'status-by-tag');
  expect.equal('no-status-by-tag', byTag?.id, undefined, 'the id of the image by its tag afterwards');
  const byId = await imageStatus(context, id, 'status-by-id');
  expect.equal('no-status-by-id', byId?.id, undefined, 'the id of the image by its id afterwards');
  expect.equal(
    'not-listed',
    idsOf(await listImages(context)).includes(id),
    false,
    'whether the id is listed afterwards',
  );
  const left = await imageStatus(context, other.reference, 'status-of-another');
  expect.present('another-stays', left, 'another image with the same first layer afterwards');
}

export const cases = [
  defineCase({
    id: 'image/remove/by-tag',
    revision: 2,
    title: 'neither lists nor knows an image as soon as it is removed by its tag',
    level: 'specified',
    rpcs: ['RemoveImage', 'ImageStatus', 'ListImages'],
    images: ['remove-by-tag'],
    basis: [{ kind: 'proto', text: 'RemoveImage removes the image; what names it may be any of its names' }],
    locks: [...locks],
    async run(context) {
      const { given, cri, expect } = context;
      const reference = given.mintedImage('remove-by-tag');
      await expect.succeeds('pull', cri.image.pullImage({ image: { image: reference } }), 'PullImage');
      const { id } = expect.present('before-set', await imageStatus(context, reference, 'before'), 'the image before');
      await expectRemoval(context, reference, id, reference);
    },
  }),

  defineCase({
    id: 'image/remove/by-id',
    revision: 2,
    title: 'neither lists nor knows an image as soon as it is removed by its id',
    level: 'required',
    rpcs: ['RemoveImage', 'ImageStatus', 'ListImages'],
    images: ['remove-by-id'],
    basis: [
      { kind: 'proto', text: 'RemoveImage removes the image' },
      { kind: 'kubelet', text: 'collects images by id, and takes the list for what is still there' },
    ],
    locks: [...locks],
    critest: ['IM-1#no-status-by-tag', 'IC-1#not-listed'],
    async run(context) {
      const { given, cri, expect } = context;
      const reference = given.mintedImage('remove-by-id');
      await expect.succeeds('pull', cri.image.pullImage({ image: { image: reference } }), 'PullImage');
      const { id } = expect.present('before-set', await imageStatus(context, reference, 'before'), 'the image before');
      await expectRemoval(context, reference, id, id);
    },
  }),

  defineCase({
    id: 'image/remove/one-of-several-tags',
    title: 'does not know the tag any more by which an image with others was removed',
    level: 'specified',
    rpcs: ['RemoveImage', 'ImageStatus'],
    basis: [{ kind: 'proto', text: 'RemoveImage removes what it is given a name of' }],
    locks: [...locks],
    critest: ['IM-9#gone'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { reference: first } = await given.image('tags:1');
      const { reference: second } = await given.image('tags:2');
      await expect.succeeds('remove', cri.image.removeImage({ image: { image: first } }), 'RemoveImage by one tag');
      const gone = await imageStatus(context, first, 'status-of-removed');
      expect.equal('gone', gone?.id, undefined, 'the id of the image by the tag that was removed');
      const other = await imageStatus(context, second, 'status-of-other');
      observe('image.remove-by-tag', other === undefined ? 'removes the image with every name' : 'removes that name');
    },
  }),

  defineCase({
    id: 'image/remove/by-id-with-several-tags',
    title: 'does not know an image by any tag of it as soon as it is removed by its id',
    level: 'required',
    rpcs: ['RemoveImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'RemoveImage removes the image' },
      { kind: 'kubelet', text: 'collects images by id, once for all their tags, and counts their disk space as free' },
    ],
    locks: [...locks],
    critest: ['IM-9#no-tag'],
    async run(context) {
      const { given, cri, expect } = context;
      await given.image('tags:2');
      const { reference } = await given.image('tags:3');
      const { id } = expect.present('before-set', await imageStatus(context, reference, 'before'), 'the image before');
      await expect.succeeds('remove', cri.image.removeImage({ image: { image: id } }), 'RemoveImage by id');
      const byTag = await imageStatus(context, reference, 'status-by-tag');
      expect.equal('no-tag', byTag?.id, undefined, 'the id of the image by one of its tags afterwards');
    },
  }),

  defineCase({
    id: 'image/remove/is-idempotent',
    title: 'accepts RemoveImage of an image that is already removed',
    level: 'specified',
    rpcs: ['RemoveImage'],
    images: ['remove-is-idempotent'],
    basis: [{ kind: 'proto', text: 'RemoveImage: idempotent, no error when the image has already been removed' }],
    locks: [...locks],
    async run({ given, cri, expect }) {
      const image = { image: given.mintedImage('remove-is-idempotent') };
      await expect.succeeds('pull', cri.image.pullImage({ image }), 'PullImage');
      await expect.succeeds('first-removal', cri.image.removeImage({ image }), 'the first RemoveImage');
      await expect.succeeds('second-removal', cri.image.removeImage({ image }), 'RemoveImage again');
    },
  }),

  defineCase({
    id: 'image/remove/unknown',
    title: 'accepts RemoveImage of an image that it does not have',
    level: 'specified',
    rpcs: ['RemoveImage'],
    basis: [{ kind: 'proto', text: 'RemoveImage: no error when there is nothing left to remove' }],
    critest: ['ID-7#by-id'],
    async run({ given, cri, expect }) {
      for (const [key, name] of [
        ['by-name', given.imageReference('crible-has-no-such-image:1')],
        ['by-id', `sha256:${nobody}`],
      ] as const) {
        await expect.succeeds(
          key,
          cri.image.removeImage({ image: { image: name } }),
          'RemoveImage of an unknown image',
        );
      }
    },
  }),
];
