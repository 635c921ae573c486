import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupChildren, cgroupFolder, textOf } from '../../src/kit/cgroup-usage.ts';
import type { Container, PodSandbox } from '../../src/kit/given.ts';
import { fieldsOf } from './inside.ts';

/* A container's cgroup on the host; takes the feature host-cgroups. */

/** The limits that are in force, by the names of the kernel's files. */
export type Limits = Readonly<Record<string, string>>;

/** CPU limits in microseconds and shares, memory in bytes; what is not given is not looked at. */
export interface Wanted {
  readonly cpuQuota: bigint;
  readonly cpuPeriod: bigint;
  readonly cpuShares: bigint;
}

/** The name of a container's cgroup below its pod's; undefined when there is none. */
export function cgroupName(container: Pick<Container, 'id' | 'pod'>): string | undefined {
  const folder = cgroupFolder(podPath(container.pod), 'memory');
  if (folder === undefined) return undefined;
  // CRI-O's monitor has one beside it.
  return cgroupChildren(folder.path).find((name) => name.includes(container.id) && !name.includes('conmon'));
}

export function memoryLimit(container: Container): Limits {
  return limitsOf(container, 'memory', ['memory.limit_in_bytes'], ['memory.max']);
}

export function cpuLimits(container: Container): Limits {
  const v1 = ['cpu.cfs_quota_us', 'cpu.cfs_period_us', 'cpu.shares'];
  return limitsOf(container, 'cpu', v1, ['cpu.max', 'cpu.weight']);
}

/** The same as memoryLimit when this many bytes are the limit. */
export function asMemoryLimit(seen: Limits, bytes: bigint): Limits {
  return Object.fromEntries(Object.keys(seen).map((file) => [file, String(bytes)]));
}

/** The same as cpuLimits when these are the limits. */
export function asCpuLimits(seen: Limits, { cpuQuota, cpuPeriod, cpuShares }: Wanted): Limits {
  if ('cpu.max' in seen) {
    const weights = weightsOf(cpuShares);
    const weight = weights.find((one) => one === seen['cpu.weight']) ?? weights.join(' or ');
    return { 'cpu.max': `${String(cpuQuota)} ${String(cpuPeriod)}`, 'cpu.weight': weight };
  }
  return {
    'cpu.cfs_quota_us': String(cpuQuota),
    'cpu.cfs_period_us': String(cpuPeriod),
    'cpu.shares': String(cpuShares),
  };
}

/** The processors that a process may run on, by its /proc/PID/status: `0-3,8`. */
export function processorsOf(status: string): string | undefined {
  return fieldsOf(status, 'Cpus_allowed_list')[0];
}

/** One of this machine's processors. */
export function lastProcessor(): string {
  const list = processorsOf(textOf('/proc/self/status') ?? '') ?? '0';
  return /\d+$/.exec(list)?.[0] ?? list;
}

/** KEP-2254's line from 2-262144 to 1-10000, and the curve that OCI runtimes took in its place in 2025, where 1024 is 100. */
function weightsOf(shares: bigint): readonly string[] {
  const linear = 1n + ((shares - 2n) * 9999n) / 262_142n;
  const exponent = Math.log2(Number(shares));
  const curved = Math.ceil(10 ** ((exponent * exponent + 125 * exponent) / 612 - 7 / 34));
  return [String(linear), String(curved)];
}

function limitsOf(container: Container, controller: string, v1: readonly string[], v2: readonly string[]): Limits {
  const name = cgroupName(container);
  const folder = cgroupFolder(join(podPath(container.pod), name ?? ''), controller);
  if (name === undefined || folder === undefined) return { cgroup: 'none' };
  const files = folder.unified ? v2 : v1;
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder.path, file), 'utf8').trim()]));
}

function podPath({ config }: PodSandbox): string {
  return config.linux?.cgroupParent ?? '';
}
