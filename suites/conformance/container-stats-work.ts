import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { defineCase } from '../../src/kit/case.ts';
import { execSync } from './ask.ts';
import {
  afterNowNs,
  allocate,
  burnCpu,
  containerStats,
  listContainerStats,
  measuredMs,
  measuredTimeoutMs,
  tickNs,
} from './usage.ts';

const mebibyte = 1024n * 1024n;

export const cases = [
  defineCase({
    id: 'container-stats/cpu-grows',
    title: 'counts the CPU time that a container’s processes use',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      { kind: 'proto', text: 'CpuUsage.usage_core_nano_seconds: cumulative CPU usage, the sum across all cores' },
    ],
    needs: ['processes'],
    timeoutMs: measuredTimeoutMs,
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { cpu } = await containerStats(context, containerId);
      const { cpuNs, processorCount } = await burnCpu(context, containerId);
      const least = (cpu?.usageCoreNanoSeconds?.value ?? 0n) + cpuNs - tickNs;
      const { stats } = await expect.eventually(
        'grows',
        () => cri.runtime.containerStats({ containerId }),
        (answer) => (answer.stats?.cpu?.usageCoreNanoSeconds?.value ?? 0n) >= least,
        'cpu.usage_core_nano_seconds after work whose CPU time the kernel told',
        { expected: { atLeast: least }, withinMs: 5_000, actual: ({ stats: seen }) => seen?.cpu },
      );
      const used = (stats?.cpu?.usageCoreNanoSeconds?.value ?? 0n) - (cpu?.usageCoreNanoSeconds?.value ?? 0n);
      const passed = (stats?.cpu?.timestamp ?? 0n) - (cpu?.timestamp ?? 0n);
      // The time is taken beside the measurement, not with it.
      const most = passed * BigInt(processorCount) + 1_000_000_000n;
      expect.that(
        'not-too-much',
        used <= most,
        'CPU time used between two measurements, which all processors together can give',
        {
          expected: { atMost: most },
          actual: used,
        },
      );
    },
  }),

  defineCase({
    id: 'container-stats/memory-grows',
    title: 'counts the memory that a container’s processes hold',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      {
        kind: 'proto',
        text: 'MemoryUsage: working_set_bytes, usage_bytes whenever it was accessed, rss_bytes of anonymous memory',
      },
      { kind: 'kubelet', text: 'evicts the pod whose working set is the largest beyond its request' },
    ],
    needs: ['processes'],
    // What containers write counts as use of the file system of images.
    locks: [{ scope: 'target', resource: 'image-store' }],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { memory: before } = await containerStats(context, containerId);
      const held = 32n * mebibyte;
      await allocate(context, containerId, held);
      // Pages of files that were in use before may have been given back.
      const least = held - 4n * mebibyte;
      for (const [key, field] of [
        ['working-set', 'workingSetBytes'],
        ['usage', 'usageBytes'],
        ['rss', 'rssBytes'],
      ] as const) {
        if (before?.[field] === undefined) continue;
        const { value } = before[field];
        await expect.eventually(
          key,
          () => cri.runtime.containerStats({ containerId }),
          ({ stats }) => (stats?.memory?.[field]?.value ?? 0n) >= value + least,
          `memory.${field} while a process holds 32 MiB more`,
          {
            expected: { atLeast: value + least },
            withinMs: 15_000,
            actual: ({ stats }) => stats?.memory?.[field]?.value,
          },
        );
      }
    },
  }),

  defineCase({
    id: 'container-stats/working-set',
    revision: 2,
    title: 'leaves files that nobody reads any more out of a container’s working set, and not out of its usage',
    level: 'required',
    rpcs: ['ContainerStats', 'ListContainerStats'],
    basis: [
      {
        kind: 'proto',
        text: 'MemoryUsage.usage_bytes: all memory in use, whenever it was accessed; working_set_bytes: the working set',
      },
      { kind: 'kubelet', text: 'evicts pods by their working set, which is usage less inactive files (cAdvisor)' },
    ],
    needs: ['processes'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { memory: before } = await containerStats(context, containerId);
      const write = ['sh', '-c', 'head -c 33554432 /dev/zero > /var/written-once'];
      const { exitCode } = await execSync(context, containerId, write, 'write');
      expect.equal('written', exitCode, 0, 'the exit code of a shell that writes a file of 32 MiB');
      const least = (before?.usageBytes?.value ?? 0n) + 24n * mebibyte;
      const { stats } = await expect.eventually(
        'usage',
        () => cri.runtime.containerStats({ containerId }),
        (answer) => (answer.stats?.memory?.usageBytes?.value ?? 0n) >= least,
        'memory.usage_bytes after a file of 32 MiB was written',
        { expected: { atLeast: least }, withinMs: 15_000, actual: (answer) => answer.stats?.memory?.usageBytes?.value },
      );
      const { usageBytes, workingSetBytes } = stats?.memory ?? {};
      const most = (usageBytes?.value ?? 0n) - 16n * mebibyte;
      expect.that(
        'without-the-file',
        workingSetBytes !== undefined && workingSetBytes.value <= most,
        'memory.working_set_bytes beside that usage',
        { expected: { atMost: most }, actual: workingSetBytes?.value },
      );
      const [listed] = await listContainerStats(context, { id: containerId });
      const { usageBytes: listedUsage, workingSetBytes: listedWorkingSet } = listed?.memory ?? {};
      const mostListed = (listedUsage?.value ?? 0n) - 16n * mebibyte;
      expect.that(
        'listed-without-the-file',
        listedWorkingSet !== undefined && listedWorkingSet.value <= mostListed,
        'memory.working_set_bytes of ListContainerStats beside usage_bytes there',
        { expected: { atMost: mostListed }, actual: listedWorkingSet?.value },
      );
    },
  }),

  defineCase({
    id: 'container-stats/memory-available',
    title: 'tells as available memory what a container’s limit leaves beside its working set',
    level: 'specified',
    rpcs: ['ContainerStats'],
    basis: [{ kind: 'proto', text: 'MemoryUsage.available_bytes: defined as the memory limit - workingSetBytes' }],
    async run(context) {
      const { given, expect } = context;
      const memoryLimitInBytes = 64n * mebibyte;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), {
        linux: { resources: { memoryLimitInBytes } },
      });
      const { memory } = await containerStats(context, id);
      const available = memory?.availableBytes?.value;
      const left = memoryLimitInBytes - (memory?.workingSetBytes?.value ?? 0n);
      expect.that(
        'is-limit-less-working-set',
        available === undefined || available === left,
        'memory.available_bytes',
        {
          expected: left,
          actual: available,
        },
      );
    },
  }),

  defineCase({
    id: 'container-stats/writable-layer-grows',
    title: 'counts the files that a container writes',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      { kind: 'proto', text: 'ContainerStats.writable_layer: used_bytes, inodes_used and when they were measured' },
      { kind: 'kubelet', text: 'evicts pods by the ephemeral storage that they use' },
    ],
    needs: ['host-files'],
    timeoutMs: measuredTimeoutMs,
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { writableLayer: before } = await containerStats(context, containerId);
      const write = 'for i in 1 2 3 4 5 6 7 8; do head -c 524288 /dev/urandom > /var/file-$i; done';
      const { exitCode } = await execSync(context, containerId, ['sh', '-c', write], 'write');
      expect.equal('written', exitCode, 0, 'the exit code of a shell that writes 8 files of 512 KiB');
      const written = afterNowNs();
      const { stats } = await expect.eventually(
        'measured-again',
        () => cri.runtime.containerStats({ containerId }),
        (answer) => (answer.stats?.writableLayer?.timestamp ?? 0n) >= written,
        'the writable layer is measured after the files were written',
        {
          expected: { notBefore: written },
          withinMs: measuredMs,
          actual: (answer) => answer.stats?.writableLayer?.timestamp,
        },
      );
      const bytes = (stats?.writableLayer?.usedBytes?.value ?? 0n) - (before?.usedBytes?.value ?? 0n);
      expect.that('bytes', bytes >= 4n * mebibyte, 'writable_layer.used_bytes has grown', {
        expected: { atLeast: 4n * mebibyte },
        actual: bytes,
      });
      const inodes = stats?.writableLayer?.inodesUsed?.value;
      const grown = inodes === undefined ? undefined : inodes - (before?.inodesUsed?.value ?? 0n);
      expect.that(
        'inodes',
        grown === undefined || grown >= 8n,
        'writable_layer.inodes_used, if it is told, has grown',
        {
          expected: { atLeast: 8n },
          actual: grown,
        },
      );
    },
  }),

  defineCase({
    id: 'container-stats/writable-layer-file-system',
    title: 'names the file system of a container’s writable layer by a folder that exists',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      { kind: 'proto', text: 'FilesystemIdentifier.mountpoint: mount point of a file system' },
      { kind: 'kubelet', text: 'asks the kernel at that path for the size of the disk' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const { writableLayer } = await containerStats(context, id);
      const { mountpoint } = expect.present('set', writableLayer?.fsId, 'writable_layer.fs_id');
      expect.that('exists', isAbsolute(mountpoint) && existsSync(mountpoint), 'writable_layer.fs_id.mountpoint', {
        expected: 'an absolute path that exists on the host',
        actual: mountpoint,
      });
    },
  }),
];
