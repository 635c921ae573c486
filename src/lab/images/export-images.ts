import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Errand } from '../packages/apt.ts';
import { descriptorOf, mediaTypes } from './blob.ts';
import { buildImages, type NamedImage } from './build-images.ts';

interface ExportOptions extends Errand {
  /** What is to go before `NAME:TAG` in the runtime that the layout is brought into; `--image-prefix` says the same. */
  readonly imagePrefix?: string | undefined;
}

/**
 * Writes fixture images as an OCI image layout.
 * @param references as for `buildImages`; all of the catalogue when empty
 * @returns the names, `NAME:TAG`
 * @throws UsageError on an unknown name, LabError when there is no busybox to build them with
 */
export async function exportImages(
  folder: string,
  references: readonly string[] = [],
  { imagePrefix = 'localhost/crible', ...errand }: ExportOptions = {},
): Promise<readonly string[]> {
  return writeLayout(folder, imagePrefix, buildImages(references, errand));
}

/**
 * One OCI image layout of several images (image-layout.md of the OCI image specification v1.1), which skopeo, podman,
 * crane and, as a tar, `ctr images import` read; `org.opencontainers.image.ref.name` is `NAME:TAG` within the layout, and
 * `io.containerd.image.name` the whole reference that containerd gives the image.
 */
export async function writeLayout(
  folder: string,
  imagePrefix: string,
  images: AsyncIterable<NamedImage>,
): Promise<readonly string[]> {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const manifests: object[] = [];
  const names: string[] = [];
  for await (const { repository, tag, image } of images) {
    for (const { digest, data } of [...image.layers, image.config, image.manifest]) {
      writeFileSync(join(blobs, digest.replace('sha256:', '')), data);
    }
    const name = `${repository}:${tag}`;
    names.push(name);
    const annotations = {
      'org.opencontainers.image.ref.name': name,
      'io.containerd.image.name': `${imagePrefix}/${name}`,
    };
    manifests.push({ ...descriptorOf(image.manifest), annotations });
  }
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
  return names;
}
