import { swallow, forgives } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What ImageService promises. */
export const imageFaults: readonly Fault[] = [
  fault({
    name: 'image-stays',
    breaks: 'RemoveImage removes the image',
    kills: ['image/remove/by-id', 'image/remove/by-tag'],
    how: swallow('RemoveImage', {}),
  }),
  fault({
    name: 'unknown-image-is-pulled',
    breaks: 'PullImage of an image that the registry has not fails',
    kills: ['image/pull/unknown'],
    how: forgives('PullImage', 'NotFound', { imageRef: 'sha256:0' }),
  }),
];
