import type { Image } from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';

type Asking = Pick<CaseContext, 'cri' | 'expect'>;

/** The image of a name, id or digest; undefined when there is none, which is no error. */
export async function imageStatus({ cri, expect }: Asking, name: string, key = 'status'): Promise<Image | undefined> {
  const { image } = await expect.succeeds(key, cri.image.imageStatus({ image: { image: name } }), 'ImageStatus');
  return image;
}

/** Every image that the runtime has. */
export async function listImages({ cri, expect }: Asking, key = 'list'): Promise<readonly Image[]> {
  const { images } = await expect.succeeds(key, cri.image.listImages({}), 'ListImages');
  return images;
}
