import { UsageError } from './error.ts';

/** What a run is for: which promises matter, and whether it ends in a word on a node's fitness. */
export type Purpose =
  | { readonly kind: 'all' }
  /** What the kubelet relies on, whatever its version. */
  | { readonly kind: 'kubelet' }
  /** What a node of Kubernetes 1.`minor` must have. */
  | { readonly kind: 'kubernetes'; readonly minor: number };

/** The minor versions of Kubernetes 1 whose needs crible knows, both included. */
export const knownMinors = { first: 20, last: 36 } as const;

const forms = `a purpose is all, kubelet or kubernetes-1.MINOR, from kubernetes-1.${String(knownMinors.first)} to kubernetes-1.${String(knownMinors.last)}`;

/**
 * Reads `--purpose`.
 * @throws UsageError naming the accepted forms
 */
export function parsePurpose(text: string): Purpose {
  if (text === 'all' || text === 'kubelet') return { kind: text };
  const minor = Number(/^kubernetes-1\.(?<minor>\d{1,3})$/.exec(text)?.groups?.['minor'] ?? Number.NaN);
  if (minor >= knownMinors.first && minor <= knownMinors.last) return { kind: 'kubernetes', minor };
  throw new UsageError(`'${text}' is not a purpose: ${forms}`);
}
