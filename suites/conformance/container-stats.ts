import type { ContainerStats } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, containerStatus, ours } from './ask.ts';
import {
  amountsOf,
  containerStats,
  listContainerStats,
  measuredMs,
  measuredTimeoutMs,
  subjectsOf,
  withoutTime,
} from './usage.ts';

export const cases = [
  defineCase({
    id: 'container-stats/attributes',
    revision: 2,
    title: 'says with a container’s statistics which container it is',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerStats.attributes: id, metadata and labels of the container, and its annotations unaltered',
      },
      { kind: 'kubelet', text: 'finds the pod of statistics by these labels' },
    ],
    critest: ['SS-1#id'],
    async run(context) {
      const { given, expect } = context;
      const { id, config } = await given.startedContainer(await given.sharedPodSandbox(), {
        metadata: { attempt: 3 },
        annotations: { 'crible.example/note': 'kept as it is' },
      });
      const { attributes } = await containerStats(context, id);
      expect.equal('id', attributes?.id, id, 'attributes.id');
      expect.equal<unknown>('metadata', attributes?.metadata, config.metadata, 'attributes.metadata');
      const labels = ours(config.labels, attributes?.labels ?? {});
      expect.equal<unknown>('labels', labels, config.labels, 'attributes.labels, as far as they were sent');
      expect.equal<unknown>('annotations', attributes?.annotations, config.annotations, 'attributes.annotations');
    },
  }),

  defineCase({
    id: 'container-stats/cpu-and-memory',
    title: 'tells how much CPU time and memory a running container uses',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      {
        kind: 'proto',
        text: 'CpuUsage.usage_core_nano_seconds: since the container’s creation; MemoryUsage.working_set_bytes',
      },
      { kind: 'kubelet', text: 'evicts by the working set, and scales by CPU time' },
    ],
    async run(context) {
      const { given, expect, observe } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const { cpu, memory, writableLayer, swap, io } = await containerStats(context, id);
      const { value: cpuNs } = expect.present('cpu', cpu?.usageCoreNanoSeconds, 'cpu.usage_core_nano_seconds');
      expect.that('cpu-used', cpuNs > 0n, 'a container that was started has had CPU time', {
        expected: 'more than 0',
        actual: cpuNs,
      });
      const workingSet = expect.present('memory', memory?.workingSetBytes, 'memory.working_set_bytes');
      expect.that('memory-used', workingSet.value > 0n, 'a process uses memory', {
        expected: 'more than 0',
        actual: workingSet.value,
      });
      const filled = amountsOf({ cpu, memory, writableLayer, swap, io });
      // What is available has no amount where nothing is limited.
      const negative = [...filled].filter(([name, value]) => value >= 2n ** 63n && !/available/i.test(name));
      expect.equal<unknown>('not-negative', negative, [], 'amounts that only make sense as negative numbers');
      // The rate takes two measurements, so it depends on who else asked before.
      observe('container-stats.fields', [...filled.keys()].filter((name) => name !== 'cpu.usageNanoCores').sort());
    },
  }),

  defineCase({
    id: 'container-stats/are-fresh',
    title: 'measures a container’s CPU time and memory again and again while it runs',
    level: 'required',
    rpcs: ['ContainerStats'],
    basis: [
      {
        kind: 'proto',
        text: 'CpuUsage.timestamp, MemoryUsage.timestamp: when it was measured; CPU usage is cumulative',
      },
      { kind: 'kubelet', text: 'computes rates from two measurements, and takes one with the same time for none' },
    ],
    timeoutMs: measuredTimeoutMs,
    critest: ['SS-1#after-start'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { startedAt } = await containerStatus(context, containerId);
      const first = await containerStats(context, containerId);
      const times = timesOf(first);
      expect.that(
        'after-start',
        times.every((time) => time >= startedAt),
        'cpu and memory were measured since the start',
        {
          expected: { notBefore: startedAt },
          actual: times,
        },
      );
      const { stats } = await expect.eventually(
        'later',
        () => cri.runtime.containerStats({ containerId }),
        (answer) => timesOf(answer.stats).every((time, place) => time > (times[place] ?? 0n)),
        'cpu and memory are measured again',
        { expected: { laterThan: times }, withinMs: measuredMs, actual: (answer) => timesOf(answer.stats) },
      );
      const [before = 0n, after = 0n] = [first, stats].map((one) => one?.cpu?.usageCoreNanoSeconds?.value);
      expect.that('never-falls', after >= before, 'cpu.usage_core_nano_seconds later', {
        expected: { atLeast: before },
        actual: after,
      });
    },
  }),

  defineCase({
    id: 'container-stats/times-are-set',
    title: 'gives every measurement of a container its time, also those of a container that was just started',
    level: 'specified',
    rpcs: ['ContainerStats'],
    basis: [
      { kind: 'proto', text: 'CpuUsage, MemoryUsage, FilesystemUsage, SwapUsage, IoUsage: timestamp must be > 0' },
    ],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      // Two: what a runtime measures from time to time can be measured right after the start of one of them by accident.
      const missing: string[] = [];
      for (let count = 0; count < 2; count += 1) {
        const { id } = await given.startedContainer(pod);
        const { cpu, memory, writableLayer, swap, io } = await containerStats(context, id);
        missing.push(...withoutTime({ cpu, memory, writableLayer, swap, io }));
      }
      expect.equal('set', [...new Set(missing)], [], 'parts of the statistics whose timestamp is not more than 0');
    },
  }),

  defineCase({
    id: 'container-stats/beside-exited',
    title: 'lists the statistics of a running container beside one that has exited',
    level: 'required',
    rpcs: ['ListContainerStats'],
    basis: [
      { kind: 'proto', text: 'ListContainerStats: statistics of all running containers' },
      { kind: 'kubelet', text: 'lists those of pods whose init containers have exited' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const running = await given.startedContainer(pod);
      const listed = await listContainerStats(context, { podSandboxId: pod.id });
      const others = subjectsOf(listed).filter((id) => id !== exited.id);
      expect.equal('running', others, [running.id], 'the statistics of other containers than the exited one');
      const one = await answerOrRefusal(cri.runtime.containerStats({ containerId: exited.id }));
      observe('container-stats.of-exited', {
        asked: 'answer' in one ? partsOf(one.answer.stats) : one.refusedWith,
        listed: partsOf(listed.find(({ attributes }) => attributes?.id === exited.id)),
      });
    },
  }),
];

function timesOf(stats: ContainerStats | undefined): readonly bigint[] {
  return [stats?.cpu?.timestamp ?? 0n, stats?.memory?.timestamp ?? 0n];
}

function partsOf(stats: ContainerStats | undefined): readonly string[] | 'nothing' {
  if (stats === undefined) return 'nothing';
  return (['attributes', 'cpu', 'memory', 'writableLayer', 'swap', 'io'] as const).filter((part) => stats[part]);
}
