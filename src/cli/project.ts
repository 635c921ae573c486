import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** crible's own folder, where package.json and the data files are: the same from source, from a build and in a bundle. */
export function projectFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

export function toolVersion(): string {
  const text = readFileSync(join(projectFolder(), 'package.json'), 'utf8');
  const version = /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  if (version === undefined) throw new Error('package.json does not say a version');
  return version;
}
