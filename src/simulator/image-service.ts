import type { ServiceHandlers } from '../cri/handler.ts';
import { create, FilesystemUsageSchema } from '../cri/messages.ts';
import type { AuthConfig, FilesystemUsage, Image, ImageFilter, ImageService, ImageSpec } from '../cri/messages.ts';
import { inBatches } from './batches.ts';
import { nowNs } from './clock.ts';
import { imageMessage } from './image-messages.ts';
import type { StoredImage } from './images.ts';
import { promised } from './promised.ts';
import type { Credentials } from './registry-requests.ts';
import type { Runtime } from './runtime.ts';

/** ImageService over a runtime in memory; `root` is the folder that file systems are said to be in. */
export function imageService(runtime: Runtime, root: string): ServiceHandlers<typeof ImageService> {
  const { images, containers } = runtime;

  /** The proto leaves open what the filter means; here it is the one image with that name or id. */
  const listed = (filter: ImageFilter | undefined): readonly Image[] => {
    const name = filter?.image?.image ?? '';
    return (name === '' ? images.list() : [images.find(name)].filter((image) => image !== undefined)).map(imageMessage);
  };

  return {
    listImages: promised(({ filter }) => ({ images: [...listed(filter)] })),
    streamImages: ({ filter }) =>
      inBatches(
        () => listed(filter),
        (batch) => ({ images: batch }),
      ),

    imageStatus: promised(({ image: spec, verbose }) => {
      const image = images.find(nameOf(spec));
      return image ? { image: imageMessage(image), info: verbose ? informationOf(image) : {} } : {};
    }),

    pullImage: async ({ image, auth }, { signal }) => {
      const { id } = await images.pull(nameOf(image), signal, auth && credentialsOf(auth));
      return { imageRef: id };
    },

    removeImage: promised(({ image }) => {
      images.remove(nameOf(image));
      return {};
    }),

    imageFsInfo: promised(() => {
      const { usedBytes, blobCount } = images.usage();
      const layers = containers.list().map(({ specification }) => specification.surroundings.files);
      return {
        imageFilesystems: [usage(root, usedBytes, blobCount)],
        containerFilesystems: [
          usage(root, sum(layers.map(({ sizeBytes }) => sizeBytes)), sum(layers.map(({ count }) => count))),
        ],
      };
    }),
  };
}

function nameOf(spec: ImageSpec | undefined): string {
  return spec?.image ?? '';
}

/** Name and password, or both in one as Docker's configuration has them. */
function credentialsOf({ username, password, auth }: AuthConfig): Credentials {
  if (username !== '') return { username, password };
  const both = Buffer.from(auth, 'base64').toString();
  const colon = both.indexOf(':');
  return { username: both.slice(0, Math.max(0, colon)), password: both.slice(colon + 1) };
}

function informationOf({ content }: StoredImage): Record<string, string> {
  return { imageSpec: content.configurationText };
}

function usage(mountpoint: string, usedBytes: number, inodesUsed: number): FilesystemUsage {
  return create(FilesystemUsageSchema, {
    timestamp: nowNs(),
    fsId: { mountpoint },
    usedBytes: { value: BigInt(usedBytes) },
    inodesUsed: { value: BigInt(inodesUsed) },
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
