import { defineCase } from '../../src/kit/case.ts';
import { codeOfCall } from './ask.ts';
import { imageStatus, listImages } from './image.ts';
import { kindOfImageName, ownTags } from './image-name.ts';

export const cases = [
  defineCase({
    id: 'image/pull/is-known-at-once',
    revision: 2,
    title: 'lists an image and knows its status as soon as PullImage returns',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus', 'ListImages'],
    images: ['pull-is-known-at-once'],
    basis: [
      { kind: 'proto', text: 'PullImage: on success the image is there; Image.id and size are set' },
      { kind: 'kubelet', text: 'creates the container right after the pull' },
    ],
    critest: ['IM-1#tags', 'IC-2#listed-once'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const reference = given.mintedImage('pull-is-known-at-once');
      const { imageRef } = await expect.succeeds(
        'pull',
        cri.image.pullImage({ image: { image: reference } }),
        'PullImage of an image that the registry has',
      );
      const image = expect.present('status-set', await imageStatus(context, reference), 'the image by its tag');
      expect.equal('tags', image.repoTags, [reference], 'Image.repo_tags');
      expect.that('size', image.size > 0n, 'Image.size is set', { expected: 'more than 0', actual: image.size });
      expect.equal('not-pinned', image.pinned, false, 'Image.pinned of an image that nobody pinned');
      const listed = (await listImages(context)).filter(({ id }) => id === image.id);
      expect.equal<unknown>(
        'listed-once',
        listed.map(({ repoTags }) => repoTags),
        [[reference]],
        'repo_tags of the entries with its id in ListImages',
      );
      const byRef = await imageStatus(context, imageRef, 'status-by-ref');
      expect.equal('ref-finds-it', byRef?.id, image.id, 'the image by PullImageResponse.image_ref');
      observe('image.id', kindOfImageName(image.id, reference));
      observe('image.pull-ref', kindOfImageName(imageRef, reference));
    },
  }),

  defineCase({
    id: 'image/pull/again',
    revision: 2,
    title: 'accepts PullImage of an image that it has, and answers the same',
    level: 'required',
    rpcs: ['PullImage'],
    images: ['pull-again'],
    basis: [
      { kind: 'proto', text: 'PullImageResponse.image_ref: the image that the name stands for' },
      { kind: 'kubelet', text: 'pulls before every start under the policy Always' },
    ],
    async run({ given, cri, expect }) {
      const image = { image: given.mintedImage('pull-again') };
      const first = await expect.succeeds('first-pull', cri.image.pullImage({ image }), 'PullImage');
      const second = await expect.succeeds('second-pull', cri.image.pullImage({ image }), 'PullImage again');
      expect.equal('same-ref', second.imageRef, first.imageRef, 'PullImageResponse.image_ref of the second pull');
      const third = await expect.succeeds(
        'third-pull',
        cri.image.pullImage({ image, sandboxConfig: given.podSandboxConfig() }),
        'PullImage with the config of the sandbox that wants the image, as the kubelet has it',
      );
      expect.equal('same-for-sandbox', third.imageRef, first.imageRef, 'PullImageResponse.image_ref of that pull');
    },
  }),

  defineCase({
    id: 'image/pull/by-digest',
    revision: 2,
    title: 'pulls an image by its digest, gives it no tag, and removes it by its digest',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    images: ['pull-by-digest'],
    basis: [
      {
        kind: 'proto',
        text: 'ImageSpec.image: a name with a tag or a digest; Image.repo_digests, repo_tags: the names it has',
      },
      { kind: 'kubelet', text: 'pods pin images by digest' },
    ],
    locks: [{ scope: 'target', resource: 'image-store' }],
    critest: ['IM-4#names'],
    async run(context) {
      const { given, cri, expect } = context;
      const tagged = given.mintedImage('pull-by-digest');
      await expect.succeeds('pull-by-tag', cri.image.pullImage({ image: { image: tagged } }), 'PullImage by tag');
      const before = expect.present('by-tag-set', await imageStatus(context, tagged, 'by-tag'), 'the image by its tag');
      const [digested = ''] = before.repoDigests;
      const [name] = tagged.split(/:(?=[^/]*$)/);
      expect.equal(
        'repo-digest',
        digested.replace(/[0-9a-f]{64}$/, ''),
        `${String(name)}@sha256:`,
        'Image.repo_digests has the name with a digest',
      );
      await expect.succeeds('remove', cri.image.removeImage({ image: { image: before.id } }), 'RemoveImage by id');
      given.willPull(digested);
      const spec = { image: { image: digested } };
      await expect.succeeds('pull-by-digest', cri.image.pullImage(spec), 'PullImage by digest');
      const image = expect.present(
        'by-digest-set',
        await imageStatus(context, digested, 'by-digest'),
        'the image by its digest',
      );
      expect.equal<unknown>(
        'names',
        { id: image.id, repoDigests: image.repoDigests, repoTags: image.repoTags },
        { id: before.id, repoDigests: [digested], repoTags: [] },
        'id, repo_digests and repo_tags of the image',
      );
      await expect.succeeds('remove-by-digest', cri.image.removeImage({ image: spec.image }), 'RemoveImage by digest');
      const left = await imageStatus(context, before.id, 'afterwards');
      expect.equal('gone', left?.id, undefined, 'the id of the image by its id after that');
    },
  }),

  defineCase({
    id: 'image/pull/several-tags',
    revision: 3,
    title: 'knows an image that has several tags as one image with all of them',
    level: 'specified',
    rpcs: ['PullImage', 'ImageStatus', 'ListImages'],
    basis: [{ kind: 'proto', text: 'Image.repo_tags: other names by which this image is known' }],
    locks: [{ scope: 'target', resource: 'image-store' }],
    critest: ['IM-8#tags'],
    async run(context) {
      const { given, expect } = context;
      const tags = ['1', '2', '3'].map((tag) => given.imageReference(`tags:${tag}`));
      const ids = new Set<string | undefined>();
      for (const [index, tag] of tags.entries()) {
        await given.image(`tags:${String(index + 1)}`);
        ids.add((await imageStatus(context, tag, `status-of-${String(index + 1)}`))?.id);
      }
      expect.equal('one-id', ids.size, 1, 'the number of ids behind the three tags');
      const listed = (await listImages(context)).filter(({ id }) => ids.has(id));
      expect.equal<unknown>(
        'tags',
        listed.map((image) => ownTags(context, image)),
        [tags],
        'names of this registry in repo_tags of the entries with this id in ListImages',
      );
      const [, second = ''] = tags;
      const status = await imageStatus(context, second, 'status-again');
      expect.equal(
        'tags-in-status',
        ownTags(context, status),
        tags,
        'names of this registry in repo_tags of ImageStatus by one of them',
      );
    },
  }),

  defineCase({
    id: 'image/pull/unknown',
    title: 'refuses PullImage of an image that the registry does not have, and has none afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'PullImage: an error when the image cannot be pulled' },
      { kind: 'kubelet', text: 'makes it ErrImagePull and tries again later' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const absent = given.imageReference('crible-has-no-such-image:1');
      const { code } = await expect.fails(
        'refused',
        cri.image.pullImage({ image: { image: absent } }),
        'PullImage of an image that is not there',
      );
      expect.equal('no-image', (await imageStatus(context, absent))?.id, undefined, 'the id of the image afterwards');
      observe('image.pull-refusals', {
        absentRepository: code,
        absentTag: await codeOfCall(cri.image.pullImage({ image: { image: given.imageReference('shell:absent') } })),
        malformed: await codeOfCall(cri.image.pullImage({ image: { image: '!!bad!!' } })),
      });
    },
  }),
];
