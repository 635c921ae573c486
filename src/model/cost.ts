import { z } from 'zod';

const cpuNs = z.number().nonnegative().nullable();

/** What a round cost, and whose work the machine's was meanwhile. What could not be known is null and has its reason. */
export const costSchema = z.object({
  durationNs: z.number().describe('from the first reading to the last, by the monotonic clock'),
  runtimeCpuNs: cpuNs.describe(
    "CPU time of the runtime: daemonCpuNs and podsCpuNs, less workloadCpuNs where the workload's containers work",
  ),
  daemonCpuNs: cpuNs.describe(
    "CPU time of the daemon's cgroup: the daemon, and with containerd its shims, low-level runtimes and CNI plug-ins",
  ),
  daemonProcessCpuNs: cpuNs.describe('CPU time of the process that answers on the socket, without what it starts'),
  podsCpuNs: cpuNs.describe(
    "CPU time of the pods' cgroups: starting their processes (part of every low-level runtime), monitors that live there, and the processes",
  ),
  workloadCpuNs: cpuNs.describe(
    'CPU time of containers that were there all the time, where they do work of their own; what started meanwhile cannot be told from its start',
  ),
  cribleCpuNs: z.number().nonnegative().describe('CPU time of crible and the processes it started for itself'),
  registryCpuNs: cpuNs.describe("CPU time of crible's image registry, a process of its own"),
  machineBusyNs: cpuNs.describe(
    "CPU time in which any processor worked: the processors' time less idle, input/output wait and stolen time; known to 10 ms a processor",
  ),
  machineStolenNs: cpuNs.describe('time in which a hypervisor gave the processors to somebody else'),
  unexplainedCpuNs: z
    .number()
    .nullable()
    .describe(
      "machineBusyNs less daemonCpuNs, podsCpuNs, cribleCpuNs and registryCpuNs: the kernel's own threads and whoever else was at work; may fall below 0 by the 10 ms a processor that machineBusyNs is known to",
    ),
  eventLoopLagP99Ns: z
    .number()
    .nullable()
    .describe("how late crible's event loop was: what a latency may be too long by"),
  eventLoopLagMaxNs: z.number().nullable(),
  daemonRssBytes: z
    .number()
    .nullable()
    .describe('at the end: resident memory of the daemon, pages shared with others counted in full'),
  daemonCgroupBytes: z
    .number()
    .nullable()
    .describe("at the end: memory that the daemon's cgroup is charged with, less inactive file cache"),
  daemonDescriptors: z.number().int().nullable().describe('at the end: open file descriptors of the daemon'),
  daemonThreads: z.number().int().nullable().describe('at the end'),
  unknown: z.array(z.object({ figure: z.string(), reason: z.string() })).describe('why figures above are null'),
});
export type Cost = z.infer<typeof costSchema>;
