import { fixtureImages, type FixtureImage } from '../../kit/fixture-images.ts';

/** What a reference below the prefix asks for. */
export type ImageRecipe =
  | { readonly kind: 'fixture'; readonly image: FixtureImage }
  | { readonly kind: 'mint'; readonly label: string }
  | { readonly kind: 'sized'; readonly label: string; readonly layerCount: number; readonly layerSizeBytes: number };

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const minted = new RegExp(`^mint/${component}(?:/${component})*$`);
const sized = new RegExp(`^sized/(?<count>\\d{1,3})x(?<kib>\\d{1,7})k/${component}(?:/${component})*$`);
const tagPattern = /^[\w][\w.-]{0,127}$/;
const sizedLimitBytes = 1024 * 1024 * 1024;

/**
 * The recipe behind a repository below the prefix and a tag; the grammar is that of src/kit/fixture-images.ts.
 * @returns undefined when there is no such image
 */
export function recipeOf(repository: string, tag: string): ImageRecipe | undefined {
  if (!tagPattern.test(tag)) return undefined;
  const image = catalogue.get(repository);
  if (image) return image.tags.includes(tag) ? { kind: 'fixture', image } : undefined;
  const label = `${repository}:${tag}`;
  if (minted.test(repository)) return { kind: 'mint', label };
  const size = sized.exec(repository)?.groups;
  if (!size) return undefined;
  const layerCount = Number(size['count']);
  const layerSizeBytes = Number(size['kib']) * 1024;
  if (layerCount === 0 || layerCount * layerSizeBytes > sizedLimitBytes) return undefined;
  return { kind: 'sized', label, layerCount, layerSizeBytes };
}

const catalogue: ReadonlyMap<string, FixtureImage> = new Map(Object.entries(fixtureImages));

/** The tags that a tags list names: every one of a catalogue image, and one of the endless ones of a minted image. */
export function tagsOf(repository: string): readonly string[] {
  return catalogue.get(repository)?.tags ?? (recipeOf(repository, '1') ? ['1'] : []);
}

/** Every `NAME:TAG` of the catalogue. */
export function catalogueReferences(): readonly string[] {
  return [...catalogue.values()].flatMap(({ name, tags }) => tags.map((tag) => `${name}:${tag}`));
}

/** Splits `NAME:TAG`; the tag is `1` where none is given, as catalogue images have it. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':');
  if (colon === -1) return { repository: reference, tag: '1' };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
