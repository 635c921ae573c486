import type { Result } from '../src/model/result.ts';
import { shortened, visible } from './visible-text.ts';

/** Longer than any name, message or log line that helps a reader; transcripts have a budget of their own on top. */
const longestText = 2000;
/** Base64 that is decoded, not read: no part of it may be left out. */
const unread = new Set(['histogram', 'serviceHistogram', 'lagHistogram']);

/**
 * The result as reports for people show it: every string, and every key, visible and of bearable length. Renderers call
 * it first, so that no part of a report can forget to.
 */
export function legibleResult(result: Result): Result {
  return legible(result);
}

/** Keeps the shape and changes strings only, which is why the type holds. */
function legible<T>(value: T): T {
  return legibleValue(value) as T;
}

function legibleValue(value: unknown): unknown {
  if (typeof value === 'string') return shortened(visible(value), longestText);
  if (Array.isArray(value)) return value.map(legibleValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      shortened(visible(key), longestText),
      unread.has(key) ? inner : legibleValue(inner),
    ]),
  );
}
