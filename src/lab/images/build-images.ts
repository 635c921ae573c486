import { UsageError } from '../../model/error.ts';
import { findBusybox } from '../binaries.ts';
import { loadBusybox } from '../busybox.ts';
import type { Errand } from '../packages/apt.ts';
import { ImageBuilder, type BuiltImage } from './build.ts';
import { catalogueReferences, recipeOf, splitReference } from './reference.ts';

/** An image with the `NAME:TAG` that it goes by. */
export interface NamedImage {
  readonly repository: string;
  readonly tag: string;
  readonly image: BuiltImage;
}

/**
 * Builds images one after the other, for they can be large.
 * @param references `NAME:TAG` (the tag is `1` unless given) of the catalogue, `mint/...` or `sized/...`; all of the catalogue when empty
 * @throws UsageError on a name that no image has, before any is built
 */
export async function* buildImages(references: readonly string[], errand: Errand): AsyncGenerator<NamedImage> {
  const wanted = (references.length > 0 ? references : catalogueReferences()).map((reference) => {
    const { repository, tag } = splitReference(reference);
    const recipe = recipeOf(repository, tag);
    if (recipe) return { repository, tag, recipe };
    throw new UsageError(
      `there is no fixture image '${reference}'`,
      `the catalogue has ${catalogueReferences().join(', ')}; mint/NAME:TAG and sized/COUNTxKIBk/NAME:TAG are made for any name`,
    );
  });
  const builder = new ImageBuilder(await loadBusybox((await findBusybox(errand)).path));
  for (const { repository, tag, recipe } of wanted) yield { repository, tag, image: await builder.build(recipe) };
}
