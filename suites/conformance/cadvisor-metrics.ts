/**
 * Metrics of cAdvisor that a node's monitoring is used to, by their names without `container_` (KEP-2371, by which runtimes give them in
 * cAdvisor's place). Not among them: what depends on huge pages, pressure stall information, a CPU quota or ulimits.
 */
const always = [
  ...['cpu_cfs_periods_total', 'cpu_cfs_throttled_periods_total', 'cpu_cfs_throttled_seconds_total'],
  ...['cpu_system_seconds_total', 'cpu_usage_seconds_total', 'cpu_user_seconds_total'],
  ...['file_descriptors', 'last_seen', 'processes', 'sockets', 'start_time_seconds', 'threads', 'threads_max'],
  ...['fs_inodes_free', 'fs_inodes_total', 'fs_limit_bytes', 'fs_usage_bytes'],
  ...['memory_cache', 'memory_failcnt', 'memory_failures_total', 'memory_kernel_usage', 'memory_mapped_file'],
  ...['memory_max_usage_bytes', 'memory_rss', 'memory_swap', 'memory_usage_bytes', 'memory_working_set_bytes'],
  ...['network_receive_bytes_total', 'network_receive_errors_total'],
  ...['network_receive_packets_dropped_total', 'network_receive_packets_total'],
  ...['network_transmit_bytes_total', 'network_transmit_errors_total'],
  ...['network_transmit_packets_dropped_total', 'network_transmit_packets_total'],
  ...['oom_events_total', 'spec_cpu_period', 'spec_cpu_shares'],
  ...['spec_memory_limit_bytes', 'spec_memory_swap_limit_bytes'],
];

/** Only measured where a disk was read from or written to. */
const ofDisks = [
  ...['blkio_device_usage_total', 'fs_reads_bytes_total', 'fs_reads_total', 'fs_writes_bytes_total', 'fs_writes_total'],
];

export const measuredAlways: readonly string[] = always.map((name) => `container_${name}`);
export const described: readonly string[] = [...always, ...ofDisks].map((name) => `container_${name}`);
