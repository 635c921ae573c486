import { createHash } from 'node:crypto';

/** A piece of an image as registries and OCI layouts store it: bytes named by their digest. */
export interface Blob {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly data: Buffer;
}

/** The media types of the OCI image specification v1.1 that crible writes. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  tarLayer: 'application/vnd.oci.image.layer.v1.tar',
  gzipLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

export function blobOf(mediaType: string, data: Buffer): Blob {
  return { mediaType, digest: digestOf(data), data };
}

export function jsonBlob(mediaType: string, value: unknown): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)));
}

export function digestOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/** What a manifest or an index says of a blob. */
export function descriptorOf({ mediaType, digest, data }: Blob): {
  mediaType: string;
  digest: string;
  size: number;
} {
  return { mediaType, digest, size: data.length };
}
