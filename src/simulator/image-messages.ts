import { create, ImageSchema } from '../cri/messages.ts';
import type { Image } from '../cri/messages.ts';
import type { StoredImage } from './images.ts';

/** What ImageStatus and ListImages answer. Of uid and username at most one is set: whatever the image's user was written as. */
export function imageMessage({ id, tags, digests, sizeBytes, pinned, content }: StoredImage): Image {
  const [user = ''] = content.config.User.split(':');
  const isNumber = /^\d+$/.test(user);
  return create(ImageSchema, {
    id,
    repoTags: [...tags],
    repoDigests: [...digests],
    size: BigInt(sizeBytes),
    pinned,
    ...(isNumber && { uid: { value: BigInt(user) } }),
    username: isNumber ? '' : user,
  });
}
