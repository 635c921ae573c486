import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The ending that suites have where this very file has it: .ts from source, .js in a build. */
const ending = extname(fileURLToPath(import.meta.url));

/** A module of `suites`, whatever it exports. */
export interface SuiteModule {
  readonly file: string;
  readonly exported: unknown;
}

/** Imports every module of a folder of `suites` but tests and what they have in common; those in its subfolders are not suites. */
export async function loadSuites(name: 'conformance' | 'benchmark'): Promise<readonly SuiteModule[]> {
  const folder = new URL(`../../suites/${name}/`, import.meta.url);
  const files = (await readdir(folder)).filter(
    (file) => file.endsWith(ending) && !/\.(?:test|testing|d)\.[jt]s$/.test(file),
  );
  return await Promise.all(
    files.map(async (file) => ({ file, exported: (await import(new URL(file, folder).href)) as unknown })),
  );
}
