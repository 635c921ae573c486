import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpectations } from '../judge/expectation-file.ts';
import type { Expectation } from '../model/expectation.ts';
import { messageOf, UsageError } from '../model/error.ts';
import { projectFolder } from './project.ts';

/**
 * The known deviations: those of a file, else all that come with crible.
 * @throws UsageError when a file cannot be read or holds a mistake
 */
export function loadExpectations(file: string | undefined): readonly Expectation[] {
  if (file !== undefined) return parseExpectations(read(file), file);
  const folder = join(projectFolder(), 'suites', 'expectations');
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names
    .sort()
    .flatMap((name) => parseExpectations(read(join(folder, name)), join('suites', 'expectations', name)));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read expectations: ${messageOf(error)}`);
  }
}
