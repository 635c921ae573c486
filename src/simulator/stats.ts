import { ContainerStatsSchema, create, PodSandboxStatsSchema } from '../cri/messages.ts';
import type { ContainerStats, ContainerStatsFilter, PodSandboxStats, PodSandboxStatsFilter } from '../cri/messages.ts';
import { nowNs } from './clock.ts';
import type { Container } from './container.ts';
import { selects } from './label-selector.ts';
import type { PodSandbox } from './pod-sandboxes.ts';

/** What setting up a container or a sandbox is taken to cost in CPU time, and each command that runs in it. */
const startCpuNs = 2_000_000n;
const commandCpuNs = 50_000n;
/** What a process is taken to hold, about a busybox, and the part of it that is the process's own. */
const processBytes = 524_288n;
const processRssBytes = 131_072n;
const pageBytes = 4096n;

/** CPU time and memory of some processes at a moment. */
interface Usage {
  readonly timestampNs: bigint;
  readonly startedAtNs: bigint;
  readonly cpuNs: bigint;
  readonly processCount: bigint;
  readonly fileBytes: bigint;
}

/**
 * The figures of a container follow from what it does: CPU time grows with every command that it runs and never falls,
 * memory follows its processes and files. CPU and memory are there only while it runs. `root` is where files are said to be.
 */
export function containerStats(container: Container, root: string): ContainerStats {
  const { id, metadata, config, specification } = container;
  const { files } = specification.surroundings;
  const usage = usageOf(container);
  return create(ContainerStatsSchema, {
    attributes: { id, metadata, labels: config.labels, annotations: config.annotations },
    ...(usage && {
      cpu: cpuOf(usage),
      memory: memoryOf(usage, container.resources.memoryLimitInBytes),
      swap: { timestamp: usage.timestampNs, swapUsageBytes: { value: 0n } },
    }),
    writableLayer: {
      timestamp: nowNs(),
      fsId: { mountpoint: root },
      usedBytes: { value: BigInt(files.sizeBytes) },
      inodesUsed: { value: BigInt(files.count) },
    },
  });
}

/**
 * The figures of a pod sandbox: its running containers together with its own process, and the CPU time of all that ever ran in
 * it. The network counts what came by PortForward.
 */
export function podSandboxStats(
  podSandbox: PodSandbox,
  containers: readonly Container[],
  root: string,
): PodSandboxStats {
  const { id, metadata, config, createdAtNs, activity, state, address, network } = podSandbox;
  const running = containers.flatMap((container) => usageOf(container) ?? []);
  const usage: Usage = {
    timestampNs: nowNs(),
    startedAtNs: createdAtNs,
    cpuNs: startCpuNs * BigInt(1 + activity.startCount) + commandCpuNs * BigInt(activity.commandCount),
    processCount: sum(running.map(({ processCount }) => processCount)) + (state === 'ready' ? 1n : 0n),
    fileBytes: sum(running.map(({ fileBytes }) => fileBytes)),
  };
  const none = { value: 0n };
  const rxBytes = { value: BigInt(network.receivedBytes) };
  const txBytes = { value: BigInt(network.sentBytes) };
  return create(PodSandboxStatsSchema, {
    attributes: { id, metadata, labels: config.labels, annotations: config.annotations },
    linux: {
      cpu: cpuOf(usage),
      memory: memoryOf(usage, 0n),
      ...(address !== '' && {
        network: {
          timestamp: usage.timestampNs,
          defaultInterface: { name: 'eth0', rxBytes, rxErrors: none, txBytes, txErrors: none },
        },
      }),
      process: { timestamp: usage.timestampNs, processCount: { value: usage.processCount } },
      containers: containers.filter(isRunning).map((container) => containerStats(container, root)),
    },
  });
}

/** ListContainerStats answers for running containers, as the proto has it. */
export function matchesContainerStats(container: Container, filter: ContainerStatsFilter | undefined): boolean {
  if (!isRunning(container)) return false;
  if (!filter) return true;
  return (
    (filter.id === '' || filter.id === container.id) &&
    (filter.podSandboxId === '' || filter.podSandboxId === container.podSandbox.id) &&
    selects(filter.labelSelector, container.config.labels)
  );
}

export function matchesPodSandboxStats(podSandbox: PodSandbox, filter: PodSandboxStatsFilter | undefined): boolean {
  if (!filter) return true;
  return (filter.id === '' || filter.id === podSandbox.id) && selects(filter.labelSelector, podSandbox.config.labels);
}

function isRunning({ phase }: Container): boolean {
  return phase.state === 'running';
}

function usageOf({ phase, processes, specification }: Container): Usage | undefined {
  if (phase.state !== 'running') return undefined;
  return {
    timestampNs: nowNs(),
    startedAtNs: phase.startedAtNs,
    cpuNs: startCpuNs + commandCpuNs * BigInt(processes.commandCount),
    processCount: BigInt(processes.count),
    fileBytes: BigInt(specification.surroundings.files.sizeBytes),
  };
}

function cpuOf({ timestampNs, startedAtNs, cpuNs }: Usage) {
  return {
    timestamp: timestampNs,
    usageCoreNanoSeconds: { value: cpuNs },
    usageNanoCores: { value: (cpuNs * 1_000_000_000n) / (timestampNs - startedAtNs) },
  };
}

/** Files count as page cache, which the working set leaves out. */
function memoryOf({ timestampNs, processCount, fileBytes, cpuNs }: Usage, limitBytes: bigint) {
  const workingSetBytes = processCount * processBytes;
  return {
    timestamp: timestampNs,
    workingSetBytes: { value: workingSetBytes },
    ...(limitBytes > workingSetBytes && { availableBytes: { value: limitBytes - workingSetBytes } }),
    usageBytes: { value: workingSetBytes + fileBytes },
    rssBytes: { value: processCount * processRssBytes },
    pageFaults: { value: cpuNs / commandCpuNs + (processCount * processBytes) / pageBytes },
    majorPageFaults: { value: 0n },
  };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
