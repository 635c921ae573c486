import type { Image } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer } from '../combinators.ts';
import type { Instead } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const byDigest = (name: string): boolean => name.includes('@');
const byId = (name: string): boolean => name.startsWith('sha256:');
const byTag = (name: string): boolean => !byDigest(name) && !byId(name);

/** What ImageStatus promises. */
export const imageStatusFaults: readonly Fault[] = [
  fault({
    name: 'image-asked-again-refused',
    breaks: 'ImageStatus succeeds for the image that was asked for just before',
    kills: ['image/status/by-every-name#by-tag'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('refused', (name, asked) => name === asked.at(-1)),
  }),
  fault({
    name: 'image-asked-again-unknown',
    breaks: 'ImageStatus knows the image that was asked for just before',
    kills: ['image/status/by-every-name#by-tag-set'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('empty', (name, asked) => name === asked.at(-1)),
  }),
  fault({
    name: 'image-asked-after-another-refused',
    breaks: 'ImageStatus succeeds for an image after another was asked for',
    kills: ['image/list/by-name#status'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('refused', (name, asked) => asked.includes(name) && name !== asked.at(-1)),
  }),
  fault({
    name: 'image-asked-after-another-unknown',
    breaks: 'ImageStatus knows an image after another was asked for',
    kills: ['image/list/by-name#image-set'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('empty', (name, asked) => asked.includes(name) && name !== asked.at(-1)),
  }),
  fault({
    name: 'digests-refused',
    breaks: 'ImageStatus understands a name with a digest',
    kills: ['image/status/by-every-name#by-digest'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('refused', byDigest),
  }),
  fault({
    name: 'image-unknown-by-digest',
    breaks: 'ImageStatus knows an image by its digest',
    kills: ['image/status/by-every-name#by-digest-found'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('empty', byDigest),
  }),
  fault({
    name: 'image-unknown-by-id',
    breaks: 'ImageStatus knows an image by its id',
    kills: ['image/status/by-every-name#by-id-found'],
    rpcs: ['ImageStatus'],
    how: () => unanswered('empty', byId),
  }),
  fault({
    name: 'unknown-name-has-an-image',
    breaks: 'ImageStatus answers no image for a name that it does not know',
    kills: ['image/status/unknown#no-image-by-name'],
    how: anImageFor((name) => name.includes('/crible-has-no-such-image:')),
  }),
  fault({
    name: 'unknown-id-has-an-image',
    breaks: 'ImageStatus answers no image for an id that it does not know',
    kills: [
      'image/status/unknown#no-image-by-id',
      'image/remove/by-id#no-status-by-id',
      'image/remove/by-tag#no-status-by-id',
    ],
    how: anImageFor(byId),
  }),
  fault({
    name: 'image-id-for-each-tag',
    breaks: 'an image has one id, by whatever tag it is asked for',
    kills: ['image/pull/several-tags#one-id'],
    how: status((image, name) => {
      if (byTag(name)) image.id = `sha256:${Buffer.from(name).toString('hex').slice(-64).padStart(64, '0')}`;
    }),
  }),
  fault({
    name: 'image-tags-lost',
    breaks: 'ImageStatus answers the tags of an image',
    kills: ['image/pull/is-known-at-once#tags'],
    how: status((image) => {
      image.repoTags = [];
    }),
  }),
  fault({
    name: 'image-tag-invented',
    breaks: 'an image that was pulled by its digest has no tag',
    kills: ['image/pull/by-digest#names'],
    how: status((image, name) => {
      if (byDigest(name)) image.repoTags = [name.replace(/@.*/, ':latest')];
    }),
  }),
  fault({
    name: 'image-digests-lost',
    breaks: 'ImageStatus answers the digests of an image',
    kills: ['image/status/by-every-name#digest'],
    how: status((image) => {
      image.repoDigests = [];
    }),
  }),
  fault({
    name: 'image-digest-without-its-name',
    breaks: 'a digest of an image stands with the name that it was pulled by',
    kills: ['image/pull/by-digest#repo-digest'],
    how: status((image) => {
      image.repoDigests = image.repoDigests.map((digest) => digest.replace(/.*@/, ''));
    }),
  }),
  fault({
    name: 'image-without-size',
    breaks: 'ImageStatus answers the size of an image',
    kills: ['image/pull/is-known-at-once#size'],
    how: status((image) => {
      image.size = 0n;
    }),
  }),
];

function status(change: (image: Image, name: string) => void): Break {
  return answer('ImageStatus', ({ image }, asked) => {
    if (image) change(image, asked.image?.image ?? '');
  });
}

/** @param which tells by the name that is asked for, and those that were asked for before it */
function unanswered(instead: Instead, which: (name: string, before: readonly string[]) => boolean): Break {
  const names: string[] = [];
  return around('ImageStatus', (next) => async (asked, call) => {
    const name = asked.image?.image ?? '';
    const found = which(name, names);
    names.push(name);
    if (!found) return next(asked, call);
    if (instead === 'empty') return {};
    throw new StatusError('Internal', 'ImageStatus is refused');
  });
}

/** Some image of the runtime's in place of none. */
function anImageFor(which: (name: string) => boolean): Break {
  return answer('ImageStatus', async (answered, { image: spec }, { client }) => {
    if (answered.image || !which(spec?.image ?? '')) return;
    const [image] = (await client.image.listImages({})).images;
    if (image) answered.image = image;
  });
}
