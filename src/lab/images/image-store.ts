import type { Blob } from './blob.ts';
import type { BuiltImage, ImageBuilder } from './build.ts';
import { recipeOf } from './reference.ts';

/**
 * Images by reference, built when first asked for. Beyond the memory limit the images used longest ago are dropped and
 * built again when asked for: an image is a pure function of its reference, so only the references are kept.
 */
export class ImageStore {
  readonly #builder: ImageBuilder;
  readonly #limitBytes: number;
  /** In the order of use. */
  readonly #built = new Map<string, Promise<BuiltImage>>();
  readonly #sizes = new Map<string, number>();
  /** Where each digest that was ever handed out comes from: `REPOSITORY:TAG`. */
  readonly #origins = new Map<string, { readonly repository: string; readonly tag: string }>();

  constructor(builder: ImageBuilder, limitBytes = 384 * 1024 * 1024) {
    this.#builder = builder;
    this.#limitBytes = limitBytes;
  }

  /** @returns undefined when the reference names no image */
  async image(repository: string, tag: string): Promise<BuiltImage | undefined> {
    const recipe = recipeOf(repository, tag);
    if (!recipe) return undefined;
    const key = `${repository}:${tag}`;
    const pending = this.#built.get(key) ?? this.#builder.build(recipe);
    this.#built.delete(key);
    this.#built.set(key, pending);
    const image = await pending;
    const blobs = [image.manifest, image.config, ...image.layers];
    for (const { digest } of blobs) this.#origins.set(`${repository}@${digest}`, { repository, tag });
    this.#sizes.set(
      key,
      blobs.reduce((sum, { data }) => sum + data.length, 0),
    );
    this.#evict(key);
    return image;
  }

  /** A manifest, configuration or layer of a repository: of its tag `1`, or of another tag that was asked for before. */
  async blob(repository: string, digest: string): Promise<Blob | undefined> {
    const origin = this.#origins.get(`${repository}@${digest}`) ?? { repository, tag: '1' };
    const image = await this.image(origin.repository, origin.tag);
    if (!image) return undefined;
    return [image.manifest, image.config, ...image.layers].find((blob) => blob.digest === digest);
  }

  #evict(keep: string): void {
    let total = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const key of [...this.#built.keys()]) {
      if (total <= this.#limitBytes) return;
      const size = this.#sizes.get(key);
      if (key === keep || size === undefined) continue;
      total -= size;
      this.#sizes.delete(key);
      this.#built.delete(key);
    }
  }
}
