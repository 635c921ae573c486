import type { Image } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { answer, frozen, refuses, request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const isMoving = (reference = ''): boolean => reference.includes('/moving/');

/** What PullImage and ImageStatus promise about a tag that moved in its registry. */
export const imageMovedFaults: readonly Fault[] = [
  fault({
    name: 'present-image-is-not-pulled-again',
    breaks: 'PullImage asks the registry what a tag stands for, also when there is an image by that name',
    kills: [
      'image/pull/moved-tag#another-ref',
      'image/pull/moved-tag-is-run#its-files',
      'image/pull/present-without-credentials#refused',
    ],
    how: frozen('PullImage', ({ image }) => image?.image ?? ''),
  }),
  fault({
    name: 'moved-tag-keeps-its-image',
    breaks: 'ImageStatus answers the image that a tag was pulled for last',
    kills: ['image/pull/moved-tag#its-digest'],
    rpcs: ['PullImage', 'ImageStatus'],
    how: () => {
      const kept = new Map<string, Image>();
      return [
        around('PullImage', (next, { client }) => async (asked, call) => {
          const name = asked.image?.image ?? '';
          if (isMoving(name)) {
            const { image } = await client.image.imageStatus({ image: { image: name } });
            if (image) kept.set(name, image);
          }
          return next(asked, call);
        }),
        answer('ImageStatus', (answered, { image: spec }) => {
          const image = kept.get(spec?.image ?? '');
          if (image) answered.image = image;
        }),
      ];
    },
  }),
  fault({
    name: 'moved-tag-stays-with-the-old-image',
    breaks: 'a tag is a name of one image alone',
    kills: ['image/pull/moved-tag#tag-is-taken'],
    how: answer('ImageStatus', ({ image }) => {
      const [digested] = image?.repoDigests ?? [];
      if (digested !== undefined && image?.repoTags.length === 0 && isMoving(digested))
        image.repoTags = [digested.replace(/@.*/, ':1')];
    }),
  }),
  fault({
    name: 'image-ids-refused',
    breaks: 'ImageStatus understands the id of an image',
    kills: ['image/pull/moved-tag#status-of-old', 'image/pull/by-tag-and-digest#status-of-old'],
    how: refuses('ImageStatus', 'Internal', ({ image }) => image?.image.startsWith('sha256:') === true),
  }),
  fault({
    name: 'digest-beside-a-tag-ignored',
    breaks: 'PullImage pulls what the digest of a reference names, also when it has a tag',
    kills: ['image/pull/by-tag-and-digest#its-image'],
    how: request('PullImage', ({ image }) => {
      if (image && hasTagAndDigest(image.image)) image.image = image.image.replace(/@.*/, '');
    }),
  }),
  fault({
    name: 'tag-with-digest-not-pulled',
    breaks: 'PullImage takes a name with tag and digest',
    kills: ['image/pull/by-tag-and-digest#pull'],
    how: refuses('PullImage', 'InvalidArgument', ({ image }) => hasTagAndDigest(image?.image)),
  }),
  fault({
    name: 'tag-with-digest-refused',
    breaks: 'ImageStatus takes a name with tag and digest',
    kills: ['image/pull/by-tag-and-digest#status'],
    how: refuses('ImageStatus', 'InvalidArgument', ({ image }) => hasTagAndDigest(image?.image)),
  }),
  fault({
    name: 'tag-with-digest-unknown',
    breaks: 'ImageStatus knows an image by a name with tag and digest that it was pulled by',
    kills: ['image/pull/by-tag-and-digest#known-by-it'],
    how: swallow('ImageStatus', {}, ({ image }) => hasTagAndDigest(image?.image)),
  }),
];

function hasTagAndDigest(reference = ''): boolean {
  return /:[\w.-]+@sha256:/.test(reference.slice(reference.lastIndexOf('/')));
}
