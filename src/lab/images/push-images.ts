import type { Errand } from '../packages/apt.ts';
import { buildImages, type NamedImage } from './build-images.ts';
import { RegistryClient, type Credentials } from './registry-client.ts';

interface PushOptions extends Errand {
  readonly credentials?: Credentials | undefined;
}

/**
 * Pushes images to a registry of the user's, from where runtimes take them with `--image-prefix`. http for loopback
 * addresses, https otherwise, unless the prefix says which.
 * @param prefix `REGISTRY[/PREFIX]`
 * @param references as for `buildImages`; all of the catalogue when empty
 * @returns the names, `NAME:TAG`
 * @throws UsageError on a malformed prefix or an unknown name, LabError `push-refused` with the registry's answer
 */
export async function pushImages(
  prefix: string,
  references: readonly string[] = [],
  { credentials, progress, signal }: PushOptions = {},
): Promise<readonly string[]> {
  const registry = new RegistryClient(prefix, credentials, signal);
  const names: string[] = [];
  for await (const named of buildImages(references, { progress, signal })) {
    await pushImage(registry, named);
    const name = `${named.repository}:${named.tag}`;
    names.push(name);
    progress?.(`pushed ${name}`);
  }
  return names;
}

/** Blobs first: a registry refuses a manifest whose blobs it has not. */
export async function pushImage(registry: RegistryClient, { repository, tag, image }: NamedImage): Promise<void> {
  for (const blob of [...image.layers, image.config]) await registry.pushBlob(repository, blob);
  await registry.pushManifest(repository, tag, image.manifest);
}
