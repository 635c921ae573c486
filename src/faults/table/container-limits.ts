import { ContainerState } from '../../cri/messages.ts';
import type { ContainerStatus, LinuxContainerResources, PodSandboxConfig } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { CONTAINER_EXITED, CONTAINER_RUNNING } = ContainerState;

/** What a container may use of the node, what becomes of one that uses more, and the kernel settings of its sandbox. */
export const containerLimitFaults: readonly Fault[] = [
  fault({
    name: 'cpu-limits-lost',
    breaks: 'a container starts with the CPU limits of its config',
    kills: ['container/limits/cpu-and-memory#cpu'],
    how: limited((resources) => {
      resources.cpuQuota = 0n;
    }),
  }),
  fault({
    name: 'memory-limit-lost',
    breaks: 'a container starts with the memory limit of its config',
    kills: [
      'container/limits/cpu-and-memory#memory',
      'container/oom/killed#exit-code',
      'container/oom/child#child-killed',
    ],
    how: limited((resources) => {
      resources.memoryLimitInBytes = resources.memorySwapLimitInBytes = 0n;
    }),
  }),
  fault({
    name: 'cpuset-lost',
    breaks: 'a container runs on the processors of its config',
    kills: ['container/limits/cpuset#processors'],
    how: limited((resources) => {
      resources.cpusetCpus = '';
    }),
  }),
  fault({
    name: 'oom-score-adj-of-the-usual',
    breaks: 'the process of a container has the oom_score_adj of its config',
    kills: ['container/limits/oom-score-adj#adjustment'],
    how: limited((resources) => {
      resources.oomScoreAdj = 1000n;
    }),
  }),
  fault({
    name: 'out-of-memory-not-noticed',
    breaks: 'a container that was killed for want of memory is CONTAINER_EXITED',
    kills: ['container/oom/killed#exits'],
    rpcs: ['CreateContainer', 'ContainerStatus'],
    how: statusOfLimited((status) => {
      if (status.state === CONTAINER_EXITED) status.state = CONTAINER_RUNNING;
    }),
  }),
  fault({
    name: 'out-of-memory-is-any-error',
    breaks: 'the reason of a container that was killed for want of memory is OOMKilled',
    kills: ['container/oom/killed#reason'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status?.reason === 'OOMKilled') status.reason = 'Error';
    }),
  }),
  fault({
    name: 'out-of-memory-ends-container',
    breaks: 'a container whose process runs on is CONTAINER_RUNNING',
    kills: ['container/oom/child#runs-on'],
    rpcs: ['CreateContainer', 'ContainerStatus'],
    how: statusOfLimited((status) => {
      if (status.state === CONTAINER_RUNNING) status.state = CONTAINER_EXITED;
    }),
  }),
  ...['kernel.shm_rmid_forced', 'fs.mqueue.msg_max', 'net.ipv4.ip_local_port_range'].map((name) =>
    fault({
      name: `sysctl-${dashed(name)}-lost`,
      breaks: `a sandbox has the sysctl ${name} of its config`,
      kills: [`pod-sandbox/sysctl/in-force#${dashed(name)}`],
      how: request('RunPodSandbox', ({ config }) => {
        forget(config, name);
      }),
    }),
  ),
  fault({
    name: 'unknown-sysctl-forgotten',
    breaks: 'RunPodSandbox with a sysctl that the kernel does not have is refused',
    kills: ['pod-sandbox/sysctl/unknown#refused'],
    how: request('RunPodSandbox', ({ config }) => {
      forget(config, unknownSysctl);
    }),
  }),
  fault({
    name: 'unknown-sysctl-leaves-a-sandbox',
    breaks: 'a RunPodSandbox that is refused for its sysctls leaves no sandbox',
    kills: ['pod-sandbox/sysctl/unknown#nothing-left'],
    how: around('RunPodSandbox', (next, context) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch (error) {
        if (asked.config && unknownSysctl in (asked.config.linux?.sysctls ?? {}))
          await runWithout(asked.config, context);
        throw error;
      }
    }),
  }),
];

const unknownSysctl = 'fs.mqueue.crible_has_none';

function limited(change: (resources: LinuxContainerResources) => void): Break {
  return request('CreateContainer', ({ config }) => {
    const resources = config?.linux?.resources;
    if (resources) change(resources);
  });
}

/** Changes the status of containers that have a memory limit. */
function statusOfLimited(change: (status: ContainerStatus) => void): () => readonly Break[] {
  return () => {
    const ids = new Set<string>();
    return [
      around('CreateContainer', (next) => async (asked, call) => {
        const created = await next(asked, call);
        if ((asked.config?.linux?.resources?.memoryLimitInBytes ?? 0n) > 0n) ids.add(created.containerId);
        return created;
      }),
      answer('ContainerStatus', ({ status }) => {
        if (status && ids.has(status.id)) change(status);
      }),
    ];
  };
}

function forget(config: PodSandboxConfig | undefined, sysctl: string): void {
  const { linux } = config ?? {};
  if (linux) linux.sysctls = Object.fromEntries(Object.entries(linux.sysctls).filter(([name]) => name !== sysctl));
}

/** Runs the sandbox that was refused, as another attempt and without its sysctls. */
async function runWithout(config: PodSandboxConfig, { client, afterwards }: FaultContext): Promise<void> {
  const { metadata, linux } = config;
  const { podSandboxId } = await client.runtime.runPodSandbox({
    config: {
      ...config,
      ...(metadata && { metadata: { ...metadata, attempt: 1000 } }),
      ...(linux && { linux: { ...linux, sysctls: {} } }),
    },
  });
  afterwards(async () => {
    await client.runtime.stopPodSandbox({ podSandboxId });
    await client.runtime.removePodSandbox({ podSandboxId });
  });
}

function dashed(name: string): string {
  return name.replaceAll(/[._]/g, '-');
}
