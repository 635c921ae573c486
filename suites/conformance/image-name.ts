import type { CaseContext } from '../../src/kit/case.ts';
import type { Image } from '../../src/cri/messages.ts';

/** What a name of an image is, for observations: two runs of one runtime never differ in it, whatever the registry and the digest are. */
export function kindOfImageName(name: string | undefined, pulledAs: string): string {
  if (name === undefined || name === '') return 'empty';
  if (name === pulledAs) return 'name:tag';
  if (/^[0-9a-f]{64}$/.test(name)) return 'hex';
  if (/^sha256:[0-9a-f]{64}$/.test(name)) return 'sha256:hex';
  const digested = /^(?<scheme>[a-z-]+:\/\/)?(?<repository>[^@]+)@sha256:[0-9a-f]{64}$/.exec(name)?.groups;
  if (digested) return `${digested['scheme'] ?? ''}name@sha256:hex`;
  return 'something else';
}

/** The tags of an image in the registry of this run, sorted: elsewhere others may have the same image under names of their own. */
export function ownTags({ given }: Pick<CaseContext, 'given'>, image: Image | undefined): readonly string[] {
  const prefix = given.imageReference('');
  return (image?.repoTags ?? []).filter((tag) => tag.startsWith(prefix)).sort();
}
