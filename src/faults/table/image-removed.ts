import type { Image } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { before, refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What RemoveImage promises where an image is named by its id. */
export const imageRemovedFaults: readonly Fault[] = [
  fault({
    name: 'unknown-image-id-cannot-be-removed',
    breaks: 'RemoveImage of an id that no image has succeeds',
    kills: ['image/remove/unknown#by-id'],
    how: refuses('RemoveImage', 'NotFound', ({ image }) => image?.image === `sha256:${'f'.repeat(64)}`),
  }),
  fault({
    name: 'image-removed-by-id-keeps-its-tags',
    breaks: 'RemoveImage by id removes every tag of the image',
    kills: ['image/remove/by-id-with-several-tags#no-tag'],
    rpcs: ['RemoveImage', 'PullImage', 'ImageStatus'],
    how: () => {
      const kept = new Map<string, Image>();
      return [
        before('RemoveImage', async ({ image: spec }, { client }) => {
          const { image } = await client.image.imageStatus({ image: { image: spec?.image ?? '' } });
          if (image === undefined || image.id !== spec?.image || image.repoTags.length < 2) return;
          for (const tag of image.repoTags) kept.set(tag, image);
        }),
        before('PullImage', ({ image }) => {
          kept.delete(image?.image ?? '');
        }),
        around('ImageStatus', (next) => (asked, call) => {
          const image = kept.get(asked.image?.image ?? '');
          return image ? Promise.resolve({ image }) : next(asked, call);
        }),
      ];
    },
  }),
];
