import { distance } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import { UsageError } from './error.ts';

/** Whether an id (a path of words) matches a glob: `*` within a segment, `**` over segments. */
export function matches(glob: string, id: string): boolean {
  return picomatch.isMatch(id, glob);
}

/**
 * Makes sure that each glob matches something: a pattern that selects nothing is a typing error, not an empty selection.
 * @throws UsageError naming the closest ids
 */
export function requireMatches(globs: readonly string[], ids: readonly string[], what: string): void {
  for (const glob of globs) {
    if (ids.some((id) => matches(glob, id))) continue;
    throw new UsageError(`'${glob}' matches no ${what}`, `the closest are: ${closest(glob, ids).join(', ')}`);
  }
}

/** The three ids that look most like `text`, closest first. */
export function closest(text: string, ids: readonly string[]): readonly string[] {
  const plain = text.replaceAll('*', '');
  return ids
    .map((id) => ({ id, far: distance(plain, id) - (id.includes(plain.replaceAll('/', '')) ? id.length : 0) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
}
