import { unixSocketOwner } from '../../../src/kit/socket-owner.ts';
import type { TargetContext } from '../../../src/kit/target-context.ts';

/**
 * The process that answers on a target's socket, or on that of the runtime that a proxy of ours stands before. Takes the
 * features root and host-pids.
 * @throws Error when it cannot be told
 */
export function daemonPid({ endpoint, behind = endpoint }: TargetContext): number {
  const owner = unixSocketOwner(behind.replace(/^unix:(\/\/)?/, ''));
  if (!owner.ok) throw new Error(owner.problem);
  return owner.pid;
}
