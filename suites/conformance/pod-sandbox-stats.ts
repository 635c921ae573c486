import type { MemoryUsage } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { earliestNs, execSync, ours } from './ask.ts';
import { allocate, burnCpu, measuredTimeoutMs, podSandboxStats, subjectsOf, tickNs, withoutTime } from './usage.ts';

const needs = ['rpc:PodSandboxStats'];
const mebibyte = 1024n * 1024n;

export const cases = [
  defineCase({
    id: 'pod-sandbox-stats/attributes',
    revision: 2,
    title: 'says with a pod sandbox’s statistics which sandbox it is',
    level: 'required',
    rpcs: ['PodSandboxStats'],
    basis: [
      {
        kind: 'proto',
        text: 'PodSandboxStats.attributes: id, metadata and labels of the sandbox, and its annotations unaltered',
      },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const annotations = { 'crible.example/note': 'kept as it is' };
      const { id, config } = await given.podSandbox({ metadata: { attempt: 3 }, annotations });
      const { attributes } = await podSandboxStats(context, id);
      expect.equal('id', attributes?.id, id, 'attributes.id');
      expect.equal<unknown>('metadata', attributes?.metadata, config.metadata, 'attributes.metadata');
      const labels = ours(config.labels, attributes?.labels ?? {});
      expect.equal<unknown>('labels', labels, config.labels, 'attributes.labels, as far as they were sent');
      expect.equal<unknown>('annotations', attributes?.annotations, config.annotations, 'attributes.annotations');
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/cpu-and-memory',
    title: 'tells how much CPU time and memory a pod uses as a whole',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [
      { kind: 'proto', text: 'LinuxPodSandboxStats: cpu and memory gathered for the pod sandbox' },
      { kind: 'kep', text: 'KEP-2371: the pod’s cpu and memory in the node’s summary come from the runtime' },
    ],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod);
      const { linux } = await podSandboxStats(context, pod.id);
      const parts = ['cpu', 'memory', 'network', 'process', 'io'] as const;
      observe(
        'pod-sandbox-stats.parts',
        parts.filter((part) => linux?.[part]),
      );
      const cpu = expect.present('cpu', linux?.cpu?.usageCoreNanoSeconds, 'linux.cpu.usage_core_nano_seconds');
      expect.that('cpu-used', cpu.value > 0n, 'a pod with a container that was started has had CPU time', {
        expected: 'more than 0',
        actual: cpu.value,
      });
      const memory = expect.present('memory', linux?.memory?.workingSetBytes, 'linux.memory.working_set_bytes');
      expect.that('memory-used', memory.value > 0n, 'a process uses memory', {
        expected: 'more than 0',
        actual: memory.value,
      });
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/cpu-grows',
    revision: 2,
    title: 'counts for a pod the CPU time and the memory that its containers use',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [
      { kind: 'proto', text: 'LinuxPodSandboxStats: CPU and memory usage gathered for the pod sandbox' },
      { kind: 'kubelet', text: 'shows the working set of a pod, which is usage less inactive files (cAdvisor)' },
    ],
    needs: [...needs, 'processes'],
    // What containers write counts as use of the file system of images.
    locks: [{ scope: 'target', resource: 'image-store' }],
    timeoutMs: measuredTimeoutMs,
    async run(context) {
      const { given, cri, expect } = context;
      const { id: podSandboxId, ...pod } = await given.podSandbox();
      const { id } = await given.startedContainer({ id: podSandboxId, ...pod });
      const { linux } = await podSandboxStats(context, podSandboxId);
      const { value: before } = expect.present('set', linux?.cpu?.usageCoreNanoSeconds, 'usage_core_nano_seconds');
      const { cpuNs } = await burnCpu(context, id);
      const least = before + cpuNs - tickNs;
      await expect.eventually(
        'grows',
        () => cri.runtime.podSandboxStats({ podSandboxId }),
        ({ stats }) => (stats?.linux?.cpu?.usageCoreNanoSeconds?.value ?? 0n) >= least,
        'linux.cpu.usage_core_nano_seconds after work in a container',
        { expected: { atLeast: least }, withinMs: 5_000, actual: ({ stats }) => stats?.linux?.cpu },
      );
      await allocate(context, id, 32n * mebibyte);
      const leastHeld = (linux?.memory?.workingSetBytes?.value ?? 0n) + 28n * mebibyte;
      await expect.eventually(
        'memory-grows',
        () => cri.runtime.podSandboxStats({ podSandboxId }),
        ({ stats }) => (stats?.linux?.memory?.workingSetBytes?.value ?? 0n) >= leastHeld,
        'linux.memory.working_set_bytes while a process of a container holds 32 MiB more',
        { expected: { atLeast: leastHeld }, withinMs: 15_000, actual: ({ stats }) => stats?.linux?.memory },
      );
      await execSync(context, id, ['sh', '-c', 'head -c 33554432 /dev/zero > /var/written-once'], 'write');
      await expect.eventually(
        'file-left-out',
        () => cri.runtime.podSandboxStats({ podSandboxId }),
        ({ stats }) => unusedBytes(stats?.linux?.memory) >= 16n * mebibyte,
        'linux.memory.usage_bytes less working_set_bytes after a container has written a file of 32 MiB',
        { expected: { atLeast: 16n * mebibyte }, withinMs: 15_000, actual: ({ stats }) => stats?.linux?.memory },
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/containers',
    revision: 2,
    title: 'has in a pod’s statistics those of its running containers and of no others',
    level: 'required',
    rpcs: ['PodSandboxStats'],
    basis: [
      { kind: 'proto', text: 'LinuxPodSandboxStats.containers: statistics of containers in the measured pod sandbox' },
      { kind: 'kep', text: 'KEP-2371: the containers of the node’s summary are these, by the names in their metadata' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const started = [await given.startedContainer(pod), await given.startedContainer(pod)];
      const ids = started.map(({ id }) => id).sort();
      await given.startedContainer(await given.podSandbox());
      const { linux } = await podSandboxStats(context, pod.id);
      expect.equal('its-own', subjectsOf(linux?.containers ?? []), ids, 'ids in linux.containers');
      const without = (linux?.containers ?? []).filter(({ cpu, memory }) => !cpu || !memory);
      expect.equal('with-figures', subjectsOf(without), [], 'running containers without cpu or memory');
      const names = (linux?.containers ?? []).map(({ attributes }) => [attributes?.id, attributes?.metadata?.name]);
      const sent = Object.fromEntries(started.map(({ id, config }) => [id, config.metadata?.name]));
      expect.equal<unknown>('names', Object.fromEntries(names), sent, 'attributes.metadata.name of the containers');
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/process-count',
    title: 'counts the processes of a pod',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [{ kind: 'proto', text: 'ProcessUsage.process_count: number of processes' }],
    needs: [...needs, 'processes'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      const { id } = await given.startedContainer(pod);
      const start = 'i=0; while [ $i -lt 20 ]; do sleep 3600 < /dev/null > /dev/null 2>&1 & i=$((i + 1)); done';
      await execSync(context, id, ['sh', '-c', start], 'start');
      const { linux } = await podSandboxStats(context, pod.id);
      expect.present('set', linux?.process?.processCount, 'linux.process.process_count');
      await expect.eventually(
        'all',
        () => cri.runtime.podSandboxStats({ podSandboxId: pod.id }),
        ({ stats }) => (stats?.linux?.process?.processCount?.value ?? 0n) >= 21n,
        'linux.process.process_count of a pod with 21 processes at least',
        { expected: { atLeast: 21n }, withinMs: 5_000, actual: ({ stats }) => stats?.linux?.process },
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/times-are-set',
    revision: 2,
    title: 'gives every measurement of a pod its time',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [
      {
        kind: 'proto',
        text: 'CpuUsage, MemoryUsage, NetworkUsage, ProcessUsage, IoUsage: timestamp in nanoseconds, must be > 0',
      },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod);
      const { linux } = await podSandboxStats(context, pod.id);
      const { cpu, memory, network, process, io } = linux ?? {};
      const parts = { cpu, memory, network, process, io };
      const early = Object.entries(parts).flatMap(([name, part]) => {
        const { timestamp } = part ?? { timestamp: 0n };
        return timestamp !== 0n && timestamp < earliestNs ? [name] : [];
      });
      expect.equal('in-nanoseconds', early, [], 'parts of the statistics whose timestamp is not in ns');
      const missing = withoutTime(parts);
      expect.equal('set', missing, [], 'parts of the statistics whose timestamp is not more than 0');
    },
  }),
];

/** What is in use and not in the working set. */
function unusedBytes(memory: MemoryUsage | undefined): bigint {
  return (memory?.usageBytes?.value ?? 0n) - (memory?.workingSetBytes?.value ?? 0n);
}
