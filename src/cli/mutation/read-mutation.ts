import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../model/error.ts';
import { mutationSchema } from '../../model/mutation.ts';
import type { Mutation, ProvenCase } from '../../model/mutation.ts';
import { projectFolder } from '../project.ts';

/** Name of a matrix in its folder. */
export const mutationFile = 'mutation.json';

/**
 * The matrix that lies in a folder; undefined when there is none.
 * @throws UsageError when it is not one of this version
 */
export function readMutation(folder: string): Mutation | undefined {
  const path = join(folder, mutationFile);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return mutationSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(
      `${path} is no matrix of this version: ${messageOf(error)}`,
      'remove it and run crible mutation again',
    );
  }
}

/** What the matrix that comes with crible proves of each case, by its id. */
export function knownProofs(): ReadonlyMap<string, ProvenCase> {
  const known = readMutation(join(projectFolder(), 'reports', 'samples'));
  return new Map(known?.cases.map((proven) => [proven.id, proven]));
}
