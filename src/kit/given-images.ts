import type { CriClient } from '../cri/client.ts';
import type { AuthConfigSchema, MessageInitShape } from '../cri/messages.ts';
import type { PulledImage } from './container-config.ts';
import { mintReference } from './fixture-images.ts';
import type { Ledger } from './ledger.ts';
import { moveTag } from './move-tag.ts';
import type { RegistryBehaviour } from './registry-behaviours.ts';
import { inSetup } from './setup.ts';
import type { TargetContext } from './target-context.ts';

/** What Given has of images. Methods that talk to a runtime or registry throw SetupError. */
export class GivenImages {
  readonly target: TargetContext;
  readonly #cri: CriClient;
  readonly #ledger: Ledger;
  readonly #scope: string;
  readonly #signal: AbortSignal;
  readonly #ownImages: readonly string[];
  readonly #images = new Map<string, Promise<PulledImage>>();

  /** @param ownImages names of images that the case declares to have to itself */
  constructor(
    cri: CriClient,
    target: TargetContext,
    ledger: Ledger,
    scope: string,
    signal: AbortSignal,
    ownImages: readonly string[],
  ) {
    this.#cri = cri;
    this.target = target;
    this.#ledger = ledger;
    this.#scope = scope;
    this.#signal = signal;
    this.#ownImages = ownImages;
  }

  /** A fixture image, pulled unless it is there; asked for once in a scope. Images that were absent before are noted for removal. */
  image(name: string): Promise<PulledImage> {
    const known = this.#images.get(name) ?? this.#present(this.imageReference(name));
    this.#images.set(name, known);
    return known;
  }

  #present(reference: string): Promise<PulledImage> {
    return inSetup(`pull ${reference}`, async () => {
      const { image } = await this.#cri.image.imageStatus({ image: { image: reference } }, { signal: this.#signal });
      if (image) return { reference, imageRef: image.id };
      this.willPull(reference);
      return this.pulledImage(reference);
    });
  }

  /** An image by its full reference, pulled whether or not it is there. */
  pulledImage(reference: string, auth?: MessageInitShape<typeof AuthConfigSchema>): Promise<PulledImage> {
    return inSetup(`pull ${reference}`, async () => {
      const request = { image: { image: reference }, ...(auth === undefined ? {} : { auth }) };
      const { imageRef } = await this.#cri.image.pullImage(request, { signal: this.#signal });
      return { reference, imageRef };
    });
  }

  /** The full reference of a fixture image, whether or not it is there. */
  imageReference(name: string): string {
    return `${this.target.images.prefix}/${name}`;
  }

  /**
   * The reference of an image that this case has to itself, with a config digest of its own: what removes an image by id
   * removes every name of it, so tags do not isolate. Our own registry makes a new one for every attempt; another registry
   * has the ones that were pushed to it, by the names that the cases declare.
   * @throws Error when the case does not declare the name, for then it was pushed nowhere
   */
  mintedImage(name: string): string {
    if (!this.#ownImages.includes(name)) throw new Error(`the case does not declare an image '${name}' of its own`);
    if (this.target.images.loopback) return this.unseenImage((attempt) => mintReference(`${name}-${attempt}`));
    const reference = this.imageReference(mintReference(name));
    this.willPull(reference);
    return reference;
  }

  /**
   * The reference of an image that no runtime has seen before, as our own registry has one for every name. Takes the feature loopback-registry.
   * @param make what is asked for, with the name of this attempt: `mintReference`, `sizedReference`
   * @param behaviour what the registry does to those who pull it
   */
  unseenImage(make: (attempt: string) => string, behaviour?: RegistryBehaviour): string {
    const name = make(this.#scope.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));
    const reference = this.imageReference(behaviour === undefined ? name : `${behaviour}/${name}`);
    this.willPull(reference);
    return reference;
  }

  /**
   * Lets the tag of an image behind the behaviour `moving` name what another tag of it names.
   * @returns the digest of the manifest that it names from now on
   */
  moveTag(reference: string, toTag: string): Promise<string> {
    return inSetup(`move the tag of ${reference} to ${toTag}`, () => moveTag(reference, toTag, this.#signal));
  }

  /** Notes an image of the case's own that it is about to pull by this name, so that it goes with the run whatever happens. */
  willPull(reference: string): void {
    this.#ledger.intend({ kind: 'image', endpoint: this.target.imageEndpoint ?? this.target.endpoint, reference });
  }
}
