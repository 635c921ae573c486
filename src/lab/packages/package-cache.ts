import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cribleHome } from '../../kit/home.ts';

const indexSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string(), folder: z.string() })),
});
type PackageIndex = z.infer<typeof indexSchema>;

/** A package of the distribution, unpacked into a folder of its own and never installed. */
export interface UnpackedPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** The folder of one suite's unpacked packages in crible's home. It outlives labs. */
export function suiteFolder(suite: string): string {
  return join(cribleHome(), 'packages', suite);
}

/** What was unpacked so far; a package is listed only once all of it is in its folder. */
export function unpackedPackages(suite: string): readonly UnpackedPackage[] {
  return Object.entries(readIndex(suite).packages).map(([name, unpacked]) => ({ name, ...unpacked }));
}

/** Adds packages to the list; a package's former version is no longer listed, its folder stays for labs that use it. */
export function recordPackages(suite: string, unpacked: readonly UnpackedPackage[]): void {
  const added = Object.fromEntries(unpacked.map(({ name, version, folder }) => [name, { version, folder }]));
  const index: PackageIndex = { packages: { ...readIndex(suite).packages, ...added } };
  const file = indexFile(suite);
  mkdirSync(suiteFolder(suite), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(index, null, 1));
  renameSync(`${file}.new`, file);
}

/** Folders with shared libraries in the unpacked packages, for LD_LIBRARY_PATH. */
export function libraryFolders(packages: readonly UnpackedPackage[]): readonly string[] {
  return packages.flatMap(({ folder }) =>
    ['lib', 'usr/lib']
      .flatMap((lib) => [join(folder, lib), ...subfoldersOf(join(folder, lib))])
      .filter((path) => namesIn(path).some((name) => /\.so(\.|$)/.test(name))),
  );
}

function readIndex(suite: string): PackageIndex {
  try {
    return indexSchema.parse(JSON.parse(readFileSync(indexFile(suite), 'utf8')));
  } catch {
    return { packages: {} };
  }
}

function indexFile(suite: string): string {
  return join(suiteFolder(suite), 'index.json');
}

/** Library folders named after an architecture (x86_64-linux-gnu); plug-in folders such as xtables are not for the linker. */
function subfoldersOf(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name.includes('-linux-'))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
