import type { Image } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { answer, before } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const listedTogether = /\/listed-(?:one|two|three)\b/;
/** The repository of a name with a tag. */
const repositoryOf = (tag: string): string => tag.replace(/:[^:/]*$/, '');

/** What is promised of the names of images. */
export const imageNameFaults: readonly Fault[] = [
  fault({
    name: 'latest-not-named',
    breaks: 'an image that was pulled without a tag has the tag latest',
    kills: ['image/pull/without-tag#tags'],
    how: answer('ImageStatus', ({ image }, { image: spec }) => {
      const name = spec?.image ?? '';
      if (image && /\/[^:@/]+$/.test(name)) image.repoTags = [name];
    }),
  }),
  fault({
    name: 'images-listed-by-each-others-tags',
    breaks: 'ListImages lists an image by its own tags',
    kills: ['image/list/several-images#each-once'],
    how: answer('ListImages', ({ images }) => {
      const together = images.filter(({ repoTags }) => repoTags.some((tag) => listedTogether.test(tag)));
      const tags = together.flatMap(({ repoTags }) => repoTags);
      for (const image of together) image.repoTags = tags;
    }),
  }),
  fault({
    name: 'image-listed-once-for-each-repository',
    breaks: 'ListImages lists an image of several repositories once',
    kills: ['image/pull/two-repositories#one-image'],
    how: answer('ListImages', (list) => {
      list.images = list.images.flatMap((image) => {
        const repositories = [...new Set(image.repoTags.map(repositoryOf))];
        if (repositories.length < 2) return [image];
        const tagsOf = (repository: string) => image.repoTags.filter((tag) => repositoryOf(tag) === repository);
        return repositories.map((repository) => ({ ...image, repoTags: tagsOf(repository) }));
      });
    }),
  }),
  fault({
    name: 'removal-by-id-leaves-a-name',
    breaks: 'RemoveImage by an id removes every name of the image',
    kills: ['image/pull/two-repositories#both-gone'],
    rpcs: ['RemoveImage', 'ImageStatus'],
    how: () => {
      const left = new Map<string, Image>();
      return [
        before('RemoveImage', async ({ image: spec }, { client }) => {
          const { image } = await client.image.imageStatus({ image: { image: spec?.image ?? '' } });
          const tag = image?.repoTags.at(-1);
          if (image && tag !== undefined && image.id === spec?.image) left.set(tag, image);
        }),
        around('ImageStatus', (next) => (asked, call) => {
          const image = left.get(asked.image?.image ?? '');
          return image ? Promise.resolve({ image }) : next(asked, call);
        }),
      ];
    },
  }),
];
