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

/** The three ids that look most like `text`, closest first; a glob may stand for any part of an id from its beginning. */
export function closest(text: string, ids: readonly string[]): readonly string[] {
  const plain = text.replace(/\/?\*+$/, '');
  const far = (id: string): number => {
    const segments = id.split('/');
    return Math.min(...segments.map((_, depth) => distance(plain, segments.slice(0, depth + 1).join('/'))));
  };
  return ids
    .map((id) => ({ id, far: far(id) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
}
