import { parseReference, referenceText, repositoryName } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';
import type { Fetching, RemoteImage } from './registry.ts';
import type { Credentials } from './registry-requests.ts';
import { required } from './required.ts';
import { sandboxImage, sandboxImageName } from './sandbox-image.ts';

/** An image in the store, with the names it has at the moment. */
export interface StoredImage {
  /** The digest of its configuration: one image however many names and registries it was pulled by. */
  readonly id: string;
  readonly content: RemoteImage;
  /** Manifest, configuration and layers, as the registry has them. */
  readonly sizeBytes: number;
  /** Asks the kubelet not to collect it as garbage; RemoveImage removes it all the same. */
  readonly pinned: boolean;
  readonly tags: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
}

interface NamedImage extends StoredImage {
  readonly tags: Set<string>;
  readonly digests: Set<string>;
}

export type FetchImage = (reference: ImageReference, fetching: Fetching) => Promise<RemoteImage>;

const idPattern = /^(?:sha256:)?(?<hex>[0-9a-f]{64})$/;

/** The image store. */
export class Images {
  readonly #images = new Map<string, NamedImage>();
  readonly #fetch: FetchImage;

  constructor(fetch: FetchImage) {
    this.#fetch = fetch;
  }

  /**
   * Fetches an image and gives it its name. A tag that named another image before moves; that one stays, with its digest.
   * @throws StatusError as parseReference and the fetching do.
   */
  async pull(text: string, signal: AbortSignal, credentials?: Credentials): Promise<StoredImage> {
    const reference = parseReference(required(text, 'image.image'));
    const has = (digest: string): boolean => this.#hasLayer(digest);
    return this.#store(reference, await this.#fetch(reference, { signal, credentials, has }), false);
  }

  /** Puts the runtime's own image there, pinned, where it is missing: without it no sandbox runs. */
  requireSandboxImage(): void {
    if (!this.find(sandboxImageName)) this.#store(parseReference(sandboxImageName), sandboxImage, true);
  }

  /**
   * The image with this id (with or without `sha256:`), tag or digest; undefined when it is not there.
   * @throws StatusError InvalidArgument when the text is no reference.
   */
  find(text: string): StoredImage | undefined {
    const hex = idPattern.exec(required(text, 'image.image'))?.groups?.['hex'];
    if (hex !== undefined) return this.#images.get(`sha256:${hex}`);
    const name = referenceText(parseReference(text));
    return this.list().find(({ tags, digests }) => tags.has(name) || digests.has(name));
  }

  /** Removes the image and with it all its names, whichever of them was given; nothing when it is not there. */
  remove(text: string): void {
    const image = this.find(text);
    if (image) this.#images.delete(image.id);
  }

  list(): readonly StoredImage[] {
    return [...this.#images.values()];
  }

  /** What the store holds, where a layer that images share counts once. */
  usage(): { readonly usedBytes: number; readonly blobCount: number } {
    const blobs = new Map<string, number>();
    for (const { content } of this.#images.values()) {
      blobs.set(content.manifestDigest, content.manifestSizeBytes);
      for (const { digest, size } of [content.configuration, ...content.layers]) blobs.set(digest, size);
    }
    return { usedBytes: [...blobs.values()].reduce((sum, size) => sum + size, 0), blobCount: blobs.size };
  }

  #hasLayer(digest: string): boolean {
    return this.list().some(({ content }) => content.layers.some((layer) => layer.digest === digest));
  }

  #store(reference: ImageReference, content: RemoteImage, pinned: boolean): StoredImage {
    const id = content.configuration.digest;
    const sizeBytes = sizeOf(content);
    const image = this.#images.get(id) ?? { id, content, sizeBytes, pinned, tags: new Set(), digests: new Set() };
    this.#images.set(id, image);
    if (reference.version.kind === 'tag') {
      const tag = referenceText(reference);
      for (const other of this.#images.values()) other.tags.delete(tag);
      image.tags.add(tag);
    }
    image.digests.add(`${repositoryName(reference)}@${content.manifestDigest}`);
    return image;
  }
}

function sizeOf({ manifestSizeBytes, configuration, layers }: RemoteImage): number {
  return layers.reduce((sum, { size }) => sum + size, manifestSizeBytes + configuration.size);
}
