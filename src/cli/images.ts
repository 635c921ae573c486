import { loadCatalogue } from '../conformance/catalogue.ts';
import { mintReference } from '../kit/fixture-images.ts';
import { exportImages } from '../lab/images/export-images.ts';
import { pushImages } from '../lab/images/push-images.ts';
import { catalogueReferences } from '../lab/images/reference.ts';
import { messageOf, UsageError, UserError } from '../model/error.ts';
import type { Shell } from './shell.ts';

/** The catalogue, and the images that cases have to themselves. */
async function allReferences(): Promise<readonly string[]> {
  const { cases } = await loadCatalogue();
  return [
    ...catalogueReferences(),
    ...cases.flatMap(({ declaration }) => declaration.images.map((name) => mintReference(name))),
  ];
}

/** Pushes every fixture image to a registry, with the credentials of the environment when there are any. */
export async function pushFixtures(prefix: string, shell: Shell): Promise<void> {
  const username = process.env['CRIBLE_REGISTRY_USERNAME'];
  const password = process.env['CRIBLE_REGISTRY_PASSWORD'];
  const credentials = username === undefined ? undefined : { username, password: password ?? '' };
  const pushed = await pushImages(prefix, await allReferences(), {
    credentials,
    progress: shell.note,
    signal: shell.signal,
  });
  shell.print(
    `${String(pushed.length)} images are at ${prefix}; runs take them from there with --image-prefix ${prefix}`,
  );
}

/**
 * Writes every fixture image into a folder.
 * @throws UsageError when the folder cannot be written to
 */
export async function exportFixtures(folder: string, shell: Shell): Promise<void> {
  try {
    const written = await exportImages(folder, await allReferences(), { progress: shell.note, signal: shell.signal });
    shell.print(`${String(written.length)} images are in ${folder}, an OCI image layout`);
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw new UsageError(`cannot write to the folder ${folder}: ${messageOf(error)}`, 'name another one', {
      cause: error,
    });
  }
}
