import { MetricType } from '../cri/messages.ts';
import type { LinuxContainerResources } from '../cri/messages.ts';

/** A metric that stays 0, since nothing of the kind happens here: name, help, type. */
export type NeverMoving = readonly [name: string, help: string, type: MetricType];

const { COUNTER, GAUGE } = MetricType;

/** What a container was limited to. */
export const limits: readonly {
  readonly name: string;
  readonly help: string;
  readonly amountOf: (resources: LinuxContainerResources) => bigint;
}[] = [
  { name: 'container_spec_cpu_period', help: 'CPU period, in microseconds', amountOf: ({ cpuPeriod }) => cpuPeriod },
  { name: 'container_spec_cpu_shares', help: 'CPU shares', amountOf: ({ cpuShares }) => cpuShares },
  {
    name: 'container_spec_memory_limit_bytes',
    help: 'Limit of memory, in bytes',
    amountOf: ({ memoryLimitInBytes }) => memoryLimitInBytes,
  },
  {
    name: 'container_spec_memory_swap_limit_bytes',
    help: 'Limit of memory and swap, in bytes',
    amountOf: ({ memorySwapLimitInBytes }) => memorySwapLimitInBytes,
  },
];

/** No process of the kernel's runs in a container, and no disk is behind its files. */
export const neverOfContainers: readonly NeverMoving[] = [
  ['container_blkio_device_usage_total', 'Bytes read and written', COUNTER],
  ['container_cpu_cfs_periods_total', 'CPU periods gone by', COUNTER],
  ['container_cpu_cfs_throttled_periods_total', 'CPU periods in which it was throttled', COUNTER],
  ['container_cpu_cfs_throttled_seconds_total', 'Time that it was throttled, in seconds', COUNTER],
  ['container_cpu_system_seconds_total', 'CPU time in the kernel, in whole seconds', COUNTER],
  ['container_file_descriptors', 'Open files', GAUGE],
  ['container_fs_inodes_free', 'Free inodes of the file system', GAUGE],
  ['container_fs_inodes_total', 'Inodes of the file system', GAUGE],
  ['container_fs_limit_bytes', 'Size of the file system, in bytes', GAUGE],
  ['container_fs_reads_bytes_total', 'Bytes read', COUNTER],
  ['container_fs_reads_total', 'Reads', COUNTER],
  ['container_fs_writes_bytes_total', 'Bytes written', COUNTER],
  ['container_fs_writes_total', 'Writes', COUNTER],
  ['container_memory_cache', 'Page cache, in bytes', GAUGE],
  ['container_memory_failcnt', 'How often the limit of memory was reached', COUNTER],
  ['container_memory_kernel_usage', 'Memory of the kernel, in bytes', GAUGE],
  ['container_memory_mapped_file', 'Memory mapped to files, in bytes', GAUGE],
  ['container_memory_max_usage_bytes', 'The most memory that was in use, in bytes', GAUGE],
  ['container_memory_swap', 'Swap in use, in bytes', GAUGE],
  ['container_oom_events_total', 'How often memory ran out', COUNTER],
  ['container_sockets', 'Open sockets', GAUGE],
  ['container_threads_max', 'Limit of threads', GAUGE],
];

export const neverOfNetworks: readonly (readonly [name: string, help: string])[] = [
  ['container_network_receive_errors_total', 'Errors while receiving'],
  ['container_network_receive_packets_dropped_total', 'Packets dropped while receiving'],
  ['container_network_receive_packets_total', 'Packets received'],
  ['container_network_transmit_errors_total', 'Errors while sending'],
  ['container_network_transmit_packets_dropped_total', 'Packets dropped while sending'],
  ['container_network_transmit_packets_total', 'Packets sent'],
];
