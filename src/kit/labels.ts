import { formatIdentity, type ProcessIdentity } from './process-identity.ts';

/** Labels by which crible knows its own objects in a runtime; nothing without the run label is ever stopped or removed. */
export const runLabel = 'io.crible.run';
export const ownerLabel = 'io.crible.owner';
/** The case attempt or workload round that made the object. */
export const scopeLabel = 'io.crible.scope';

/** The labels of everything that a run creates. */
export function ownLabels(runId: string, owner: ProcessIdentity, scope: string): Record<string, string> {
  return { [runLabel]: runId, [ownerLabel]: formatIdentity(owner), [scopeLabel]: scope };
}

/** The metadata namespace of a run's pods: no other client's names can collide with ours there. */
export function runNamespace(runId: string): string {
  return `crible-${runId}`;
}
