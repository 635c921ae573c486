import { defineCase } from '../../src/kit/case.ts';
import { idsOf } from './ask.ts';
import { imageStatus } from './image.ts';
import { sizedReference } from '../../src/kit/fixture-images.ts';

export const cases = [
  defineCase({
    id: 'image/status/unknown',
    title: 'answers ImageStatus of an image that it does not have without an error and without an image',
    level: 'required',
    rpcs: ['ImageStatus'],
    basis: [
      { kind: 'proto', text: 'ImageStatusResponse.image: unset when the image does not exist, which is no error' },
      { kind: 'kubelet', text: 'finds out so whether it has to pull' },
    ],
    async run(context) {
      const { given, expect } = context;
      const byName = await imageStatus(context, given.imageReference('crible-has-no-such-image:1'), 'by-name');
      expect.equal('no-image-by-name', byName?.id, undefined, 'the id of the image by an unknown name');
      const byId = await imageStatus(context, `sha256:${'0'.repeat(64)}`, 'by-id');
      expect.equal('no-image-by-id', byId?.id, undefined, 'the id of the image by an unknown id');
    },
  }),

  defineCase({
    id: 'image/status/by-every-name',
    title: 'finds an image by its tag, its digest and its id',
    level: 'required',
    rpcs: ['ImageStatus'],
    basis: [
      { kind: 'proto', text: 'ImageSpec.image: an image’s name, or its id' },
      { kind: 'kubelet', text: 'asks by what the pod says and by what an earlier answer said' },
    ],
    critest: ['IM-5#by-digest-found'],
    async run(context) {
      const { given, expect } = context;
      const { reference } = await given.image('shell:1');
      const image = expect.present(
        'by-tag-set',
        await imageStatus(context, reference, 'by-tag'),
        'the image by its tag',
      );
      const digest = expect.present('digest', image.repoDigests[0], 'the first of Image.repo_digests');
      expect.equal(
        'by-digest-found',
        (await imageStatus(context, digest, 'by-digest'))?.id,
        image.id,
        'the id of the image by its digest',
      );
      expect.equal(
        'by-id-found',
        (await imageStatus(context, image.id, 'by-id'))?.id,
        image.id,
        'the id of the image by its id',
      );
    },
  }),

  defineCase({
    id: 'image/status/user',
    revision: 2,
    title: 'reports the user of an image as a uid where it is a number, else as a name',
    level: 'required',
    rpcs: ['ImageStatus'],
    basis: [
      {
        kind: 'proto',
        text: 'Image.uid and username: one of them, by whether the image’s user is numeric; groups left out',
      },
      { kind: 'kubelet', text: 'holds runAsNonRoot against the uid, and refuses an image that has a name only' },
    ],
    critest: ['IM-6#user-name-gid'],
    async run(context) {
      const { given, expect } = context;
      for (const [name, uid, username] of [
        ['user-uid', 1002n, ''],
        ['user-uid-gid', 1003n, ''],
        ['user-name', undefined, 'www-data'],
        ['user-name-gid', undefined, 'www-data'],
      ] as const) {
        const { reference } = await given.image(`${name}:1`);
        const image = expect.present(
          `${name}-set`,
          await imageStatus(context, reference, `${name}-status`),
          'the image',
        );
        expect.equal<unknown>(
          name,
          { uid: image.uid?.value, username: image.username },
          { uid, username },
          'Image.uid and Image.username',
        );
      }
      const nobody = await given.image('cmd-only:1');
      const { uid, username } = expect.present(
        'no-user-set',
        await imageStatus(context, nobody.reference, 'no-user-status'),
        'the image',
      );
      // The kubelet takes an image without either for root's.
      expect.equal(
        'no-user',
        { uid: uid?.value ?? 0n, username },
        { uid: 0n, username: '' },
        'those of an image without',
      );
    },
  }),

  defineCase({
    id: 'image/status/size',
    title: 'tells as the size of an image what its layers take together',
    level: 'required',
    rpcs: ['ImageStatus'],
    basis: [
      { kind: 'proto', text: 'Image.size: the size of the image in bytes, more than 0' },
      { kind: 'kubelet', text: 'collects images until as many bytes are free as are wanted, by their sizes' },
    ],
    needs: ['loopback-registry'],
    async run(context) {
      const { given, expect } = context;
      const layerKib = 256;
      // Random bytes take as much packed as unpacked.
      const reference = given.unseenImage((attempt) => sizedReference(3, layerKib, attempt));
      await given.pulledImage(reference);
      const { size } = expect.present('found', await imageStatus(context, reference), 'the image by its tag');
      const least = BigInt(3 * layerKib * 1024);
      const message = 'Image.size of an image with three layers of random bytes';
      expect.that('every-layer', size >= least, message, { expected: { atLeast: least }, actual: size });
      expect.that('once', size < 2n * least, message, { expected: { lessThan: 2n * least }, actual: size });
    },
  }),

  defineCase({
    id: 'image/list/by-name',
    revision: 2,
    title: 'lists an image, with its names, when its name is the filter',
    level: 'specified',
    rpcs: ['ListImages'],
    basis: [{ kind: 'proto', text: 'ImageFilter.image: the image to list' }],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { reference } = await given.image('shell:1');
      const other = await given.image('env:1');
      const image = expect.present('image-set', await imageStatus(context, reference), 'the image by its tag');
      const { images } = await expect.succeeds(
        'list',
        cri.image.listImages({ filter: { image: { image: reference } } }),
        'ListImages by a name',
      );
      expect.equal('listed', idsOf(images).includes(image.id), true, 'whether the image of that name is listed');
      const [entry] = images.filter(({ id }) => id === image.id);
      expect.equal('named', entry?.repoTags.includes(reference), true, 'whether repo_tags of its entry have that name');
      const tags = images.flatMap(({ repoTags }) => repoTags);
      observe('image.list-filter', tags.includes(other.reference) ? 'ignored' : 'obeyed');
    },
  }),
];
