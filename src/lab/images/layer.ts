import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { blobOf, digestOf, mediaTypes, type Blob } from './blob.ts';

/** A file, folder or link of a layer; owned by root unless said otherwise. */
export type LayerEntry = {
  readonly path: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
} & (
  | { readonly type: 'file'; readonly data: Buffer }
  | { readonly type: 'directory' }
  | { readonly type: 'symlink'; readonly target: string }
);

/** A layer ready to be served, with the digest of its uncompressed tar, which the image configuration lists. */
export interface Layer {
  readonly blob: Blob;
  readonly diffId: string;
}

/**
 * `stored` is gzip without compression: what a deflate implementation makes of the same bytes differs between Node
 * versions and CPUs, and digests must not. `deflated` is for the one image whose point is its compressed size.
 */
export type Compression = 'none' | 'stored' | 'deflated';

const epoch = new Date(0);
const gzipAsync = promisify(gzip);

/** Packs entries in the given order; the same entries give the same bytes. */
export async function packLayer(entries: readonly LayerEntry[], compression: Compression): Promise<Layer> {
  const tar = pack();
  for (const entry of entries) {
    const { path: name, mode, uid = 0, gid = 0, type } = entry;
    const common = { name, mode, uid, gid, mtime: epoch };
    if (type === 'file') tar.entry({ ...common, type }, entry.data);
    else if (type === 'directory') tar.entry({ ...common, type });
    else tar.entry({ ...common, type, linkname: entry.target });
  }
  tar.finalize();
  const bytes = await buffer(tar);
  const diffId = digestOf(bytes);
  if (compression === 'none') return { diffId, blob: { mediaType: mediaTypes.tarLayer, digest: diffId, data: bytes } };
  const zipped = await gzipAsync(bytes, { level: compression === 'stored' ? 0 : 9 });
  return { diffId, blob: blobOf(mediaTypes.gzipLayer, zipped) };
}
