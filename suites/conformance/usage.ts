import type {
  ContainerStats,
  ContainerStatsFilterSchema,
  MessageInitShape,
  PodSandboxStats,
  PodSandboxStatsFilterSchema,
} from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import { execSync } from './ask.ts';

/* Looks at what containers and pods use, and work whose use is known. */

type Asking = Pick<CaseContext, 'cri' | 'expect'>;

/** A runtime may measure at intervals of its own (containerd 10 s for disks, CRI-O's collection_period) and answer the last measurement. */
export const measuredMs = 150_000;
/** For a case that waits so long. */
export const measuredTimeoutMs = 180_000;

/** @param key the expectation's, unique in its case; `KEY-set` asks for the message itself */
export async function containerStats(
  { cri, expect }: Asking,
  containerId: string,
  key = 'stats',
): Promise<ContainerStats> {
  const { stats } = await expect.succeeds(
    key,
    cri.runtime.containerStats({ containerId }),
    'ContainerStats of a running container',
  );
  return expect.present(`${key}-set`, stats, 'ContainerStatsResponse.stats');
}

/** @param key the expectation's, unique in its case; `KEY-set` asks for the message itself */
export async function podSandboxStats(
  { cri, expect }: Asking,
  podSandboxId: string,
  key = 'stats',
): Promise<PodSandboxStats> {
  const { stats } = await expect.succeeds(
    key,
    cri.runtime.podSandboxStats({ podSandboxId }),
    'PodSandboxStats of a ready sandbox',
  );
  return expect.present(`${key}-set`, stats, 'PodSandboxStatsResponse.stats');
}

export async function listContainerStats(
  { cri, expect }: Asking,
  filter: MessageInitShape<typeof ContainerStatsFilterSchema>,
  key = 'list',
): Promise<readonly ContainerStats[]> {
  const { stats } = await expect.succeeds(key, cri.runtime.listContainerStats({ filter }), 'ListContainerStats');
  return stats;
}

export async function listPodSandboxStats(
  { cri, expect }: Asking,
  filter: MessageInitShape<typeof PodSandboxStatsFilterSchema>,
  key = 'list',
): Promise<readonly PodSandboxStats[]> {
  const { stats } = await expect.succeeds(key, cri.runtime.listPodSandboxStats({ filter }), 'ListPodSandboxStats');
  return stats;
}

/** Ids in an order that two lists can be compared by. */
export function subjectsOf(
  stats: readonly { readonly attributes?: { readonly id: string } | undefined }[],
): readonly string[] {
  return stats.map(({ attributes }) => attributes?.id ?? 'without attributes').sort();
}

/** The parts of a message that are there and have no time, although each `timestamp` must be more than 0. */
export function withoutTime(parts: Readonly<Record<string, { readonly timestamp: bigint } | undefined>>): string[] {
  return Object.entries(parts).flatMap(([name, part]) => (part !== undefined && part.timestamp <= 0n ? [name] : []));
}

/** Every amount that is set, by its path. */
export function amountsOf(message: Readonly<Record<string, unknown>>): ReadonlyMap<string, bigint> {
  const amounts = new Map<string, bigint>();
  for (const [part, fields] of Object.entries(message)) {
    for (const [field, amount] of Object.entries(fields ?? {})) {
      if (isAmount(amount)) amounts.set(`${part}.${field}`, amount.value);
    }
  }
  return amounts;
}

function isAmount(field: unknown): field is { readonly value: bigint } {
  return typeof field === 'object' && field !== null && 'value' in field && typeof field.value === 'bigint';
}

/** Now, by this machine's clock, in ns; what happened before has a smaller time. */
export function afterNowNs(): bigint {
  return BigInt(Date.now() + 1) * 1_000_000n;
}

const ticksPerSecond = 100n;
const burntTicks = 20;

/** Uses CPU time in a container until the kernel says that its process has had 0.2 s; takes the feature `processes`. */
export async function burnCpu(
  context: Asking,
  containerId: string,
): Promise<{ readonly cpuNs: bigint; readonly processorCount: number }> {
  // Fields 14 and 15 of proc_pid_stat(5): user and system time in ticks, which are 10 ms for every process that reads them.
  const had = 'read -r line < /proc/$$/stat; set -- $line; had=$((${14} + ${15}))';
  const work = 'i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); done';
  const script = `had=0; while [ $had -lt ${String(burntTicks)} ]; do ${work}; ${had}; done; echo $had; grep -c ^processor /proc/cpuinfo`;
  const { stdout } = await execSync(context, containerId, ['sh', '-c', script], 'burn');
  const [ticks = '0', processorCount = '1'] = stdout.trim().split('\n');
  return { cpuNs: (BigInt(ticks) * 1_000_000_000n) / ticksPerSecond, processorCount: Number(processorCount) };
}

/** CPU time is told by the kernel in ticks, and rounded. */
export const tickNs = 1_000_000_000n / ticksPerSecond;

/** Has a process of a container hold so much memory of its own until the container ends; takes the feature `processes`. */
export async function allocate(context: Asking, containerId: string, sizeBytes: bigint): Promise<void> {
  // The one block is read whole into dd's memory, and cannot be written, since nobody reads it.
  const hold = `(dd if=/dev/zero bs=${String(sizeBytes)} count=1 | sleep 3600) < /dev/null > /dev/null 2>&1 &`;
  await execSync(context, containerId, ['sh', '-c', hold], 'allocate');
}

/** The interface of a container's default route, by /proc/net/route; undefined when it has none there. */
export async function defaultInterface(context: Asking, containerId: string): Promise<string | undefined> {
  const { stdout } = await execSync(context, containerId, ['cat', '/proc/net/route'], 'route');
  const routes = stdout.split('\n').map((line) => line.split(/\s+/));
  return routes.find(([, destination]) => destination === '00000000')?.[0];
}
