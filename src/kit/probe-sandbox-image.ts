import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import type { Feature } from '../model/target.ts';

/**
 * Whether the image of the sandboxes' own process is there (`sandbox-image`) and spared by the kubelet's garbage
 * collection (`sandbox-image-pinned`). Where Status does not name it, as with containerd 2, a pinned image stands for it:
 * nothing else is pinned unless it was configured. Neither feature where nothing points to an image.
 * @param named as Status names it; undefined or empty where it does not
 */
export async function probeSandboxImage(cri: CriClient, named: string | undefined): Promise<readonly Feature[]> {
  try {
    return named === undefined || named === '' ? await pinnedImages(cri) : await namedImage(cri, named);
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return [];
  }
}

async function namedImage(cri: CriClient, named: string): Promise<readonly Feature[]> {
  const { image } = await cri.image.imageStatus({ image: { image: named } });
  return [
    { name: 'sandbox-image', present: image !== undefined, detail: `Status names ${named}` },
    {
      name: 'sandbox-image-pinned',
      present: image?.pinned === true,
      detail: image === undefined ? 'ImageStatus does not find it' : `pinned as ImageStatus says of ${named}`,
    },
  ];
}

async function pinnedImages(cri: CriClient): Promise<readonly Feature[]> {
  const { images } = await cri.image.listImages({});
  const pinned = images.filter((image) => image.pinned).map(({ id, repoTags: [tag = id] }) => tag);
  if (pinned.length === 0) return [];
  const detail = `Status names none; ListImages has ${pinned.join(', ')} pinned`;
  return ['sandbox-image', 'sandbox-image-pinned'].map((name) => ({ name, present: true, detail }));
}
