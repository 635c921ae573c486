import { StatusError } from '../cri/handler.ts';
import { clone, LinuxContainerResourcesSchema } from '../cri/messages.ts';
import type { LinuxContainerResources } from '../cri/messages.ts';

const amounts = [
  'cpuPeriod',
  'cpuQuota',
  'cpuShares',
  'memoryLimitInBytes',
  'memorySwapLimitInBytes',
  'oomScoreAdj',
] as const;
/** The other amounts have a use for negative numbers: -1 is without limit, and oom_score_adj begins at -1000. */
const neverNegative = ['cpuPeriod', 'cpuShares', 'memoryLimitInBytes'] as const;
const sets = ['cpusetCpus', 'cpusetMems'] as const;

/**
 * The limits after an update. 0, empty and absent leave a limit as it is; keys of `unified` are set one by one.
 * @throws StatusError InvalidArgument on a negative amount; nothing is changed then.
 */
export function updatedResources(
  before: LinuxContainerResources,
  change: LinuxContainerResources,
): LinuxContainerResources {
  for (const amount of neverNegative) {
    if (change[amount] < 0n)
      throw new StatusError('InvalidArgument', `${amount} must not be ${String(change[amount])}`);
  }
  const after = clone(LinuxContainerResourcesSchema, before);
  for (const amount of amounts) if (change[amount] !== 0n) after[amount] = change[amount];
  for (const set of sets) if (change[set] !== '') after[set] = change[set];
  if (change.hugepageLimits.length > 0) after.hugepageLimits = change.hugepageLimits;
  Object.assign(after.unified, change.unified);
  return after;
}
