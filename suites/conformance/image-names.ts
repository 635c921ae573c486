import { defineCase } from '../../src/kit/case.ts';
import { sizedReference } from '../../src/kit/fixture-images.ts';
import { imageStatus, listImages } from './image.ts';
import { ownTags } from './image-name.ts';

/** So many clients ask for the same at once: pods of one deployment that land on a node together. */
const atOnce = 5;

export const cases = [
  defineCase({
    id: 'image/pull/without-tag',
    title: 'pulls the tag latest when neither tag nor digest is named',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    critest: ['IM-3#tags'],
    basis: [
      { kind: 'oci', text: 'distribution’s references: a name without a tag stands for that with the tag latest' },
      { kind: 'kubelet', text: 'takes the policy Always for such an image, for its tag may move' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const untagged = given.imageReference('untagged');
      given.willPull(untagged);
      await expect.succeeds('pull', cri.image.pullImage({ image: { image: untagged } }), 'PullImage without a tag');
      const image = expect.present(
        'found',
        await imageStatus(context, untagged),
        'the image by its name without a tag',
      );
      // The same content may be there under names of another registry.
      const tags = image.repoTags.filter((tag) => tag.startsWith(given.imageReference('')));
      expect.equal('tags', tags, [`${untagged}:latest`], 'Image.repo_tags of this registry');
    },
  }),

  defineCase({
    id: 'image/list/several-images',
    revision: 2,
    title: 'lists each of several images once, by its own tag, also when they were pulled at once',
    level: 'required',
    rpcs: ['ListImages'],
    critest: ['IM-7#each-once'],
    images: ['listed-one', 'listed-two', 'listed-three'],
    basis: [
      { kind: 'proto', text: 'ListImages: the images that there are; Image.repo_tags: the names of this one' },
      { kind: 'kubelet', text: 'reports names and sizes in the node’s status, by which the scheduler prefers nodes' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const tags = ['listed-one', 'listed-two', 'listed-three'].map((name) => given.mintedImage(name));
      const pulled = await Promise.all(tags.map((tag) => given.pulledImage(tag)));
      const listed = await listImages(context);
      expect.equal<unknown>(
        'each-once',
        tags.map((tag) => listed.filter(({ repoTags }) => repoTags.includes(tag)).map(({ repoTags }) => repoTags)),
        tags.map((tag) => [[tag]]),
        'repo_tags of the entries of each image',
      );
      for (const { reference, imageRef } of pulled) {
        const image = await imageStatus(context, imageRef);
        expect.equal(
          'its-ref',
          image?.repoTags,
          [reference],
          'repo_tags of the image by the ref that its PullImage answered',
        );
      }
      const { images } = await expect.succeeds(
        'list-by-no-name',
        cri.image.listImages({ filter: { image: { image: '' } } }),
        'ListImages with a filter that names nothing, as crictl has it',
      );
      const names = new Set(images.flatMap(({ repoTags }) => repoTags));
      const missing = tags.filter((tag) => !names.has(tag));
      expect.equal('by-no-name', missing, [], 'tags that are not listed when the filter names nothing');
    },
  }),

  defineCase({
    id: 'image/pull/in-parallel',
    title: 'answers the same to everybody who pulls an image at the same time, and lists it once',
    level: 'required',
    rpcs: ['PullImage', 'ListImages'],
    critest: ['IC-2#listed-once'],
    images: ['pull-in-parallel'],
    basis: [
      { kind: 'proto', text: 'PullImageResponse.image_ref: the image that the name stands for' },
      { kind: 'kubelet', text: 'pulls the same image at once for several pods (serializeImagePulls: false)' },
    ],
    async run(context) {
      const { given, cri, expect, target } = context;
      const reference = target.images.loopback
        ? given.unseenImage((attempt) => sizedReference(4, 256, attempt))
        : given.mintedImage('pull-in-parallel');
      const pulls = Array.from({ length: atOnce }, () => cri.image.pullImage({ image: { image: reference } }));
      const pulled = await expect.succeeds('all-succeed', Promise.all(pulls), 'five times PullImage at once');
      const refs = new Set(pulled.map(({ imageRef }) => imageRef));
      expect.equal('one-ref', refs.size, 1, 'the number of different PullImageResponse.image_ref');
      const listed = (await listImages(context)).filter(({ repoTags }) => repoTags.includes(reference));
      expect.equal<unknown>(
        'listed-once',
        listed.map(({ repoTags }) => repoTags),
        [[reference]],
        'repo_tags of the entries with this tag in ListImages',
      );
    },
  }),

  defineCase({
    id: 'image/pull/two-repositories',
    revision: 3,
    title:
      'knows an image that it pulled from two repositories as one, and loses both names when it is removed by its id',
    level: 'required',
    rpcs: ['PullImage', 'ListImages', 'RemoveImage'],
    critest: ['II-2#one-image', 'IM-10#both-gone'],
    basis: [
      {
        kind: 'proto',
        text: 'Image.id: the digest of the configuration; Image.repo_tags: the names by which it is known',
      },
      { kind: 'kubelet', text: 'collects images by id, and expects to gain their space' },
    ],
    locks: [{ scope: 'target', resource: 'image-store' }],
    async run(context) {
      const { given, cri, expect } = context;
      const tags = ['twin-one:1', 'twin-two:1'].map((name) => given.imageReference(name));
      for (const tag of tags) {
        given.willPull(tag);
        await given.pulledImage(tag);
      }
      const listed = (await listImages(context)).filter(({ repoTags }) => repoTags.some((tag) => tags.includes(tag)));
      expect.equal<unknown>(
        'one-image',
        listed.map((image) => ownTags(context, image)),
        [tags],
        'names of this registry in repo_tags of the entries with either tag in ListImages',
      );
      const repositories = (listed[0]?.repoDigests ?? []).map((digested) => digested.replace(/@.*/, ''));
      expect.equal(
        'digests',
        repositories.filter((name) => name.startsWith(given.imageReference(''))).sort(),
        tags.map((tag) => tag.replace(/:1$/, '')),
        'names of this registry in repo_digests of that entry',
      );
      const [, second = ''] = tags;
      const status = await imageStatus(context, second, 'status-by-second');
      expect.equal(
        'tags-in-status',
        ownTags(context, status),
        tags,
        'names of this registry in repo_tags of ImageStatus by one of them',
      );
      const image = { image: listed[0]?.id ?? '' };
      await expect.succeeds('remove', cri.image.removeImage({ image }), 'RemoveImage by the id');
      for (const tag of tags) {
        const left = await imageStatus(context, tag);
        expect.equal('both-gone', left?.id, undefined, `the id of the image by ${tag} afterwards`);
      }
    },
  }),
];
