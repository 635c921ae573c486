import type { PodSandboxStats } from '../../cri/messages.ts';
import { answer, frozen } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What PodSandboxStats promises of a pod's figures, and ListPodSandboxStats beside it. */
export const podSandboxStatsFaults: readonly Fault[] = [
  broken('of-another-id', 'names the sandbox by its id', ['attributes#id'], ({ attributes }) => {
    if (attributes) attributes.id = '0'.repeat(64);
  }),
  broken('of-another-attempt', 'has the metadata of the sandbox', ['attributes#metadata'], ({ attributes }) => {
    if (attributes?.metadata) attributes.metadata.attempt = 0;
  }),
  broken('without-labels', 'has the labels of the sandbox', ['attributes#labels'], ({ attributes }) => {
    if (attributes) attributes.labels = {};
  }),
  broken('annotated', 'has the annotations of the sandbox unaltered', ['attributes#annotations'], ({ attributes }) => {
    if (attributes) attributes.annotations['of-the-runtime'] = 'added';
  }),
  broken('without-cpu', 'tells the CPU time of the pod', ['cpu-and-memory#cpu', 'cpu-grows#set'], ({ linux }) => {
    if (linux) delete linux.cpu;
  }),
  broken('cpu-is-0', 'has had CPU time', ['cpu-and-memory#cpu-used'], ({ linux }) => {
    if (linux?.cpu?.usageCoreNanoSeconds) linux.cpu.usageCoreNanoSeconds.value = 0n;
  }),
  broken('without-memory', 'tells the memory of the pod', ['cpu-and-memory#memory'], ({ linux }) => {
    if (linux) delete linux.memory;
  }),
  broken('memory-is-0', 'has memory in use', ['cpu-and-memory#memory-used'], ({ linux }) => {
    if (linux?.memory?.workingSetBytes) linux.memory.workingSetBytes.value = 0n;
  }),
  fault({
    name: 'pod-stats-frozen',
    breaks: 'PodSandboxStats is measured again and again',
    kills: ['pod-sandbox-stats/cpu-grows#grows', 'pod-sandbox-stats/traffic#received'],
    how: frozen('PodSandboxStats', ({ podSandboxId }) => podSandboxId),
  }),
  broken('without-containers', 'has the statistics of its containers', ['containers#its-own'], ({ linux }) => {
    if (linux) linux.containers = [];
  }),
  broken('of-containers-without-cpu', 'has the figures of its containers', ['containers#with-figures'], ({ linux }) => {
    for (const container of linux?.containers ?? []) delete container.cpu;
  }),
  broken('of-the-sandbox-alone', 'has the memory of its containers', ['cpu-grows#memory-grows'], ({ linux }) => {
    const workingSet = linux?.memory?.workingSetBytes;
    if (workingSet && workingSet.value > pauseBytes) workingSet.value = pauseBytes;
  }),
  broken('with-files', 'leaves unused files out of the working set', ['cpu-grows#file-left-out'], ({ linux }) => {
    const { usageBytes, workingSetBytes } = linux?.memory ?? {};
    if (usageBytes && workingSetBytes) workingSetBytes.value = usageBytes.value;
  }),
  broken('of-nameless-containers', 'has the names of its containers', ['containers#names'], ({ linux }) => {
    for (const { attributes } of linux?.containers ?? []) if (attributes?.metadata) attributes.metadata.name = '';
  }),
  fault({
    name: 'pod-stats-in-milliseconds',
    breaks: 'PodSandboxStats has times in ns',
    kills: ['pod-sandbox-stats/times-are-set#in-nanoseconds'],
    provenOn: 'simulator',
    how: answer('PodSandboxStats', ({ stats }) => {
      if (stats?.linux?.cpu) stats.linux.cpu.timestamp /= 1_000_000n;
    }),
  }),
  broken('with-traffic-swapped', 'counts each direction by itself', ['traffic#as-in-pod'], ({ linux }) => {
    const defaultInterface = linux?.network?.defaultInterface;
    const { rxBytes, txBytes } = defaultInterface ?? {};
    if (defaultInterface && rxBytes && txBytes) Object.assign(defaultInterface, { rxBytes: txBytes, txBytes: rxBytes });
  }),
  broken('without-interface', 'tells the default interface', ['default-interface#set'], ({ linux }) => {
    if (linux?.network) delete linux.network.defaultInterface;
  }),
  broken('of-loopback', 'tells which interface is the default', ['default-interface#by-route'], ({ linux }) => {
    if (linux?.network?.defaultInterface) linux.network.defaultInterface.name = 'lo';
  }),
  broken('of-one-direction', 'counts what the pod sends', ['traffic#sent'], ({ linux }) => {
    if (linux?.network?.defaultInterface?.txBytes) linux.network.defaultInterface.txBytes.value = 0n;
  }),
  broken('without-processes', 'tells the number of processes', ['process-count#set'], ({ linux }) => {
    if (linux) delete linux.process;
  }),
  broken('of-one-process', 'counts all processes', ['process-count#all'], ({ linux }) => {
    if (linux?.process?.processCount) linux.process.processCount.value = 1n;
  }),
  fault({
    name: 'pod-stats-network-without-time',
    breaks: 'every measurement of a pod has a time',
    kills: ['pod-sandbox-stats/times-are-set#set'],
    provenOn: 'simulator',
    how: answer('PodSandboxStats', ({ stats }) => {
      if (stats?.linux?.network) stats.linux.network.timestamp = 0n;
    }),
  }),
  listed('without-labels', 'has the attributes that PodSandboxStats has', 'attributes', ({ attributes }) => {
    if (attributes) attributes.labels = {};
  }),
  listed('without-containers', 'has the containers that PodSandboxStats has', 'containers', ({ linux }) => {
    if (linux) linux.containers = [];
  }),
  listed('without-memory', 'has the parts that PodSandboxStats has', 'parts', ({ linux }) => {
    if (linux) delete linux.memory;
  }),
  listed('in-microseconds', 'has the figures that PodSandboxStats has', 'figures', ({ linux }) => {
    if (linux?.cpu?.usageCoreNanoSeconds) linux.cpu.usageCoreNanoSeconds.value /= 1000n;
  }),
  fault({
    name: 'pod-stats-whole-list-without-labels',
    breaks: 'ListPodSandboxStats says the same of a sandbox without a filter as with one',
    kills: ['pod-sandbox-stats/list/without-filter#as-by-id'],
    provenOn: 'simulator',
    how: answer('ListPodSandboxStats', ({ stats }, { filter }) => {
      for (const { attributes } of stats) if (attributes && filter === undefined) attributes.labels = {};
    }),
  }),
];

/** What a sandbox's own process is taken to hold at most. */
const pauseBytes = 1024n * 1024n;

/** PodSandboxStats answers something else. */
function broken(
  name: string,
  promise: string,
  kills: readonly string[],
  change: (stats: PodSandboxStats) => void,
): Fault {
  return fault({
    name: `pod-stats-${name}`,
    breaks: `PodSandboxStats ${promise}`,
    kills: kills.map((kill) => `pod-sandbox-stats/${kill}`),
    how: answer('PodSandboxStats', ({ stats }) => {
      if (stats) change(stats);
    }),
  });
}

/** ListPodSandboxStats answers something else. */
function listed(name: string, promise: string, key: string, change: (stats: PodSandboxStats) => void): Fault {
  return fault({
    name: `pod-stats-list-${name}`,
    breaks: `ListPodSandboxStats ${promise}`,
    kills: [`pod-sandbox-stats/list/agrees-with-one#${key}`],
    how: answer('ListPodSandboxStats', ({ stats }) => {
      for (const one of stats) change(one);
    }),
  });
}
