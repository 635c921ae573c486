import type { Image } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { answer, before, forgives, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** Images that cases have in common: what a fault does to their pulls would break what others take for granted. */
const isShared = (reference = ''): boolean => /\/shell[:@]/.test(reference);

/** What PullImage, RemoveImage and ListImages promise. */
export const imageFaults: readonly Fault[] = [
  fault({
    name: 'pulled-image-has-another-reference',
    breaks: 'PullImage answers a reference by which the image is found',
    kills: ['image/pull/is-known-at-once#ref-finds-it'],
    how: answer('PullImage', (pulled, { image }) => {
      if (!isShared(image?.image)) pulled.imageRef = `sha256:${'0'.repeat(64)}`;
    }),
  }),
  fault({
    name: 'image-not-pulled',
    breaks: 'an image is there when PullImage has succeeded',
    kills: ['image/pull/is-known-at-once#status-set', 'image/pull/by-digest#by-tag-set'],
    reason: 'a pull that is put off until somebody needs the image, where another fault only hides what is there',
    how: swallow('PullImage', { imageRef: 'sha256:0' }, ({ image }) => !isShared(image?.image)),
  }),
  fault({
    name: 'image-reference-changes',
    breaks: 'PullImage of an image that is there answers the same reference',
    kills: ['image/pull/again#same-ref'],
    rpcs: ['PullImage'],
    how: () => {
      const pulled = new Set<string>();
      return answer('PullImage', (done, { image }) => {
        const name = image?.image ?? '';
        if (pulled.has(name)) done.imageRef = name;
        pulled.add(name);
      });
    },
  }),
  fault({
    name: 'unknown-image-is-pulled',
    breaks: 'PullImage of an image that the registry has not fails',
    kills: ['image/pull/unknown#refused'],
    how: forgives('PullImage', 'NotFound', { imageRef: 'sha256:0' }),
  }),
  fault({
    name: 'failed-pull-leaves-an-image',
    breaks: 'there is no image after a PullImage that failed',
    kills: ['image/pull/unknown#no-image'],
    rpcs: ['PullImage', 'ImageStatus'],
    how: () => {
      const failed = new Set<string>();
      return [
        around(
          'PullImage',
          (next) => (asked, call) =>
            next(asked, call).catch((error: unknown) => {
              failed.add(asked.image?.image ?? '');
              throw error;
            }),
        ),
        around('ImageStatus', (next) => (asked, call) => {
          const name = asked.image?.image ?? '';
          if (!failed.has(name)) return next(asked, call);
          return Promise.resolve({ image: { id: `sha256:${'0'.repeat(64)}`, repoTags: [name], size: 1n } });
        }),
      ];
    },
  }),
  fault({
    name: 'image-listed-once-for-each-name',
    breaks: 'ListImages lists an image once, whatever number of names it has',
    kills: ['image/pull/is-known-at-once#listed-once'],
    how: answer('ListImages', (list) => {
      list.images = list.images.flatMap((image) => [...image.repoTags, ...image.repoDigests].map(() => image));
    }),
  }),
  fault({
    name: 'image-listed-with-one-tag',
    breaks: 'ListImages lists every tag of an image',
    kills: ['image/pull/several-tags#tags'],
    how: answer('ListImages', ({ images }) => {
      for (const image of images) image.repoTags = image.repoTags.slice(0, 1);
    }),
  }),
  fault({
    name: 'image-filter-finds-nothing',
    breaks: 'ListImages lists the image whose name is the filter',
    kills: ['image/list/by-name#listed'],
    how: answer('ListImages', (list, { filter }) => {
      if (filter?.image?.image) list.images = [];
    }),
  }),
  fault({
    name: 'image-stays',
    breaks: 'RemoveImage removes the image',
    kills: [
      'image/remove/by-id#no-status-by-tag',
      'image/remove/by-tag#no-status-by-tag',
      'image/remove/one-of-several-tags#gone',
    ],
    how: swallow('RemoveImage', {}),
  }),
  fault({
    name: 'removed-image-stays-listed',
    breaks: 'ListImages lists no image that was removed',
    kills: ['image/remove/by-id#not-listed', 'image/remove/by-tag#not-listed'],
    rpcs: ['RemoveImage', 'ListImages'],
    how: () => {
      const removed = new Map<string, Image>();
      return [
        before('RemoveImage', async ({ image: spec }, { client }) => {
          const { image } = await client.image.imageStatus({ image: { image: spec?.image ?? '' } });
          if (image) removed.set(image.id, image);
        }),
        answer('ListImages', ({ images }) => {
          const listed = new Set(images.map(({ id }) => id));
          images.push(...[...removed.values()].filter(({ id }) => !listed.has(id)));
        }),
      ];
    },
  }),
];
