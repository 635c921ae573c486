import type { Image, ImageStatusResponse } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, before, refuses, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const hasDigest = (reference = ''): boolean => reference.includes('@sha256:');
const removedAlone = (reference = ''): boolean => /\/remove-by-(?:id|tag)\b/.test(reference);

/** What single fields of images promise, by whatever name an image is asked for. */
export const imageFieldFaults: readonly Fault[] = [
  fault({
    name: 'image-status-with-the-tag-asked-for',
    breaks: 'ImageStatus answers every tag of an image, not the one alone that it was asked by',
    kills: ['image/pull/several-tags#tags-in-status', 'image/pull/two-repositories#tags-in-status'],
    how: answer('ImageStatus', ({ image }, { image: spec }) => {
      if (image && image.repoTags.length > 1) image.repoTags = image.repoTags.filter((tag) => tag === spec?.image);
    }),
  }),
  fault({
    name: 'image-of-several-tags-refused',
    breaks: 'ImageStatus of an image succeeds when it has several tags',
    kills: ['image/pull/several-tags#status-again'],
    rpcs: ['ImageStatus'],
    how: () => afterwards('/tags:2', 2, () => Promise.reject(new StatusError('Internal', 'it has several tags'))),
  }),
  fault({
    name: 'image-listed-with-one-digest',
    breaks: 'ListImages lists the digests of an image in each of its repositories',
    kills: ['image/pull/two-repositories#digests'],
    how: listed((image) => {
      image.repoDigests = image.repoDigests.slice(0, 1);
    }),
  }),
  fault({
    name: 'second-name-of-image-refused',
    breaks: 'ImageStatus succeeds by the second name of an image',
    kills: ['image/pull/two-repositories#status-by-second'],
    how: refuses('ImageStatus', 'Internal', ({ image }) => image?.image.includes('/twin-two:') === true),
  }),
  fault({
    name: 'image-size-in-kibibytes',
    breaks: 'the size of an image is in bytes, and that of all its layers',
    kills: ['image/status/size#every-layer'],
    how: sized((size) => size / 1024n),
  }),
  fault({
    name: 'image-size-packed-and-unpacked',
    breaks: 'the size of an image counts each layer once',
    kills: ['image/status/size#once'],
    how: sized((size) => size * 2n),
  }),
  fault({
    name: 'every-image-pinned',
    breaks: 'images are pinned that somebody pinned, and no others',
    kills: ['image/pull/is-known-at-once#not-pinned'],
    how: answer('ImageStatus', ({ image }) => {
      if (image) image.pinned = true;
    }),
  }),
  fault({
    name: 'image-without-user-has-a-name',
    breaks: 'an image without a user has neither a uid nor a name of one',
    kills: ['image/status/user#no-user'],
    how: answer('ImageStatus', ({ image }) => {
      if (image && !image.uid && image.username === '') image.username = 'root';
    }),
  }),
  fault({
    name: 'image-without-user-refused',
    breaks: 'ImageStatus of an image without a user succeeds',
    kills: ['image/status/user#no-user-status'],
    rpcs: ['ImageStatus'],
    how: () => afterwards('/cmd-only:', 1, () => Promise.reject(new StatusError('Internal', 'it has no user'))),
  }),
  fault({
    name: 'image-without-user-unknown',
    breaks: 'ImageStatus knows an image without a user',
    kills: ['image/status/user#no-user-set'],
    rpcs: ['ImageStatus'],
    how: () => afterwards('/cmd-only:', 1, () => Promise.resolve({})),
  }),
  fault({
    name: 'listed-image-without-uid',
    breaks: 'ListImages answers the uid of an image that ImageStatus answers',
    kills: ['image/list/agrees-with-status#same'],
    reason: 'the one field of the message that the other faults of this expectation leave alone',
    how: listed((image) => {
      delete image.uid;
    }),
  }),
  fault({
    name: 'empty-filter-finds-nothing',
    breaks: 'ListImages lists every image when the filter names none',
    kills: ['image/list/several-images#by-no-name'],
    how: answer('ListImages', (list, { filter }) => {
      if (filter?.image?.image === '') list.images = [];
    }),
  }),
  fault({
    name: 'empty-filter-refused',
    breaks: 'ListImages takes a filter that names nothing',
    kills: ['image/list/several-images#list-by-no-name'],
    how: refuses('ListImages', 'InvalidArgument', ({ filter }) => filter?.image?.image === ''),
  }),
  fault({
    name: 'filtered-images-without-tags',
    breaks: 'ListImages answers the same of an image when its name is the filter',
    kills: ['image/list/by-name#named'],
    how: answer('ListImages', ({ images }, { filter }) => {
      if (filter?.image?.image) for (const image of images) image.repoTags = [];
    }),
  }),
  fault({
    name: 'moved-tag-listed-twice',
    breaks: 'ListImages lists a tag with one image alone',
    kills: ['image/pull/moved-tag#listed-once'],
    how: listed((image) => {
      const [digested] = image.repoDigests;
      if (digested?.includes('/moving/') && image.repoTags.length === 0)
        image.repoTags = [digested.replace(/@.*/, ':1')];
    }),
  }),
  fault({
    name: 'removal-by-digest-refused',
    breaks: 'RemoveImage takes the digest of an image',
    kills: ['image/pull/by-digest#remove-by-digest'],
    how: refuses('RemoveImage', 'InvalidArgument', ({ image }) => hasDigest(image?.image)),
  }),
  fault({
    name: 'removal-by-digest-does-nothing',
    breaks: 'RemoveImage removes an image by its digest',
    kills: ['image/pull/by-digest#gone'],
    how: swallow('RemoveImage', {}, ({ image }) => hasDigest(image?.image)),
  }),
  fault({
    name: 'removed-image-id-refused',
    breaks: 'ImageStatus of an image that was removed is no error',
    kills: ['image/pull/by-digest#afterwards'],
    how: refuses('ImageStatus', 'NotFound', ({ image }) => image?.image.startsWith('sha256:') === true),
  }),
  fault({
    name: 'removal-takes-another-image',
    breaks: 'RemoveImage leaves images alone that share layers with the one that it removes',
    kills: ['image/remove/by-id#another-stays', 'image/remove/by-tag#another-stays'],
    rpcs: ['ImageStatus', 'RemoveImage'],
    how: () => afterRemoval(() => Promise.resolve({})),
  }),
  fault({
    name: 'removal-breaks-another-image',
    breaks: 'ImageStatus of an image succeeds when another one was removed that has a layer of it',
    kills: ['image/remove/by-id#status-of-another', 'image/remove/by-tag#status-of-another'],
    rpcs: ['ImageStatus', 'RemoveImage'],
    how: () => afterRemoval(() => Promise.reject(new StatusError('Internal', 'a layer is missing'))),
  }),
  fault({
    name: 'image-fs-info-in-milliseconds',
    breaks: 'FilesystemUsage.timestamp is in nanoseconds',
    kills: ['image/fs-info/file-systems#time'],
    how: answer('ImageFsInfo', ({ imageFilesystems, containerFilesystems }) => {
      for (const system of [...imageFilesystems, ...containerFilesystems]) system.timestamp /= 1_000_000n;
    }),
  }),
  fault({
    name: 'image-fs-info-without-inodes',
    breaks: 'ImageFsInfo counts inodes where it tells of them',
    kills: ['image/fs-info/file-systems#inodes'],
    how: answer('ImageFsInfo', ({ imageFilesystems }) => {
      for (const { inodesUsed } of imageFilesystems) if (inodesUsed) inodesUsed.value = 0n;
    }),
  }),
];

function listed(change: (image: Image) => void): Break {
  return answer('ListImages', ({ images }) => {
    images.forEach(change);
  });
}

function sized(change: (size: bigint) => bigint): Break {
  return answer('ImageStatus', ({ image }, { image: spec }) => {
    if (image && spec?.image.includes('/sized/')) image.size = change(image.size);
  });
}

type Instead = () => Promise<Partial<Pick<ImageStatusResponse, 'image'>>>;

/** Answers something else of an image once it has been asked for so many times. */
function afterwards(part: string, times: number, instead: Instead): Break {
  let count = 0;
  return around('ImageStatus', (next) => (asked, call) => {
    if (asked.image?.image.includes(part) !== true || count++ < times) return next(asked, call);
    return instead();
  });
}

/** Answers something else of an image once another has been removed. */
function afterRemoval(instead: Instead): readonly Break[] {
  let removed = false;
  let alone: string | undefined;
  return [
    around('ImageStatus', (next) => async (asked, call) => {
      const name = asked.image?.image ?? '';
      if (removed && name.includes('/env:')) {
        // Once, for the next case wants that image too.
        removed = false;
        return instead();
      }
      const answered = await next(asked, call);
      if (removedAlone(name)) alone = answered.image?.id ?? alone;
      return answered;
    }),
    before('RemoveImage', ({ image }) => {
      removed ||= removedAlone(image?.image) || image?.image === alone;
    }),
  ];
}
