import type { ContainerStats, UInt64Value } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, frozen } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const hourNs = 3_600_000_000_000n;
const workingSetListed = 'working-set#listed-without-the-file';

/** What ContainerStats promises of a container's figures, and ListContainerStats beside it. */
export const containerStatsFaults: readonly Fault[] = [
  broken('of-another-id', 'names the container by its id', ['attributes#id'], ({ attributes }) => {
    if (attributes) attributes.id = '0'.repeat(64);
  }),
  broken('of-another-attempt', 'has the metadata of the container', ['attributes#metadata'], ({ attributes }) => {
    if (attributes?.metadata) attributes.metadata.attempt += 1;
  }),
  broken('without-labels', 'has the labels of the container', ['attributes#labels'], ({ attributes }) => {
    if (attributes) attributes.labels = {};
  }),
  broken(
    'annotated',
    'has the annotations of the container unaltered',
    ['attributes#annotations'],
    ({ attributes }) => {
      if (attributes) attributes.annotations['of-the-runtime'] = 'added';
    },
  ),
  broken(
    'with-files-in-working-set',
    'leaves files that nobody reads out of the working set',
    ['working-set#without-the-file'],
    ({ memory }) => {
      if (memory?.workingSetBytes && memory.usageBytes) memory.workingSetBytes.value = memory.usageBytes.value;
    },
  ),
  broken('without-files-in-usage', 'counts files among the memory in use', ['working-set#usage'], ({ memory }) => {
    if (memory?.workingSetBytes && memory.usageBytes) memory.usageBytes.value = memory.workingSetBytes.value;
  }),
  broken('without-cpu', 'tells the CPU time of a running container', ['cpu-and-memory#cpu'], ({ cpu }) => {
    if (cpu) delete cpu.usageCoreNanoSeconds;
  }),
  broken('cpu-is-0', 'has had CPU time for a container that was started', ['cpu-and-memory#cpu-used'], ({ cpu }) => {
    setTo(cpu?.usageCoreNanoSeconds, 0n);
  }),
  broken('without-memory', 'tells the working set', ['cpu-and-memory#memory'], ({ memory }) => {
    if (memory) delete memory.workingSetBytes;
  }),
  broken('memory-is-0', 'has memory in use', ['cpu-and-memory#memory-used'], ({ memory }) => {
    setTo(memory?.workingSetBytes, 0n);
  }),
  broken('memory-below-0', 'never tells negative amounts', ['cpu-and-memory#not-negative'], ({ memory }) => {
    setTo(memory?.usageBytes, 2n ** 64n - 4096n);
  }),
  broken('too-old', 'was measured since the start', ['are-fresh#after-start'], ({ cpu }) => {
    if (cpu) cpu.timestamp -= hourNs;
  }),
  fault({
    name: 'container-stats-frozen',
    breaks: 'ContainerStats is measured again and again',
    kills: [
      'container-stats/are-fresh#later',
      'container-stats/cpu-grows#grows',
      'container-stats/memory-grows#working-set',
      'container-stats/writable-layer-grows#measured-again',
    ],
    how: frozen('ContainerStats', ({ containerId }) => containerId),
  }),
  fault({
    name: 'container-stats-cpu-falls',
    breaks: 'the CPU time of a container never falls',
    kills: ['container-stats/are-fresh#never-falls'],
    rpcs: ['ContainerStats'],
    how: () => {
      let usedNs = 10n ** 18n;
      return answer('ContainerStats', ({ stats }) => {
        setTo(stats?.cpu?.usageCoreNanoSeconds, (usedNs -= 1_000_000n));
      });
    },
  }),
  broken('cpu-in-picoseconds', 'tells CPU time in ns', ['cpu-grows#not-too-much'], ({ cpu }) => {
    setTo(cpu?.usageCoreNanoSeconds, (cpu?.usageCoreNanoSeconds?.value ?? 0n) * 1000n);
  }),
  standing('usage', 'memory in use', 'memory-grows#usage', ({ memory }) => memory?.usageBytes),
  standing('rss', 'anonymous memory', 'memory-grows#rss', ({ memory }) => memory?.rssBytes),
  standing(
    'disk',
    'bytes of the writable layer',
    'writable-layer-grows#bytes',
    (stats) => stats.writableLayer?.usedBytes,
  ),
  standing(
    'inodes',
    'inodes of the writable layer',
    'writable-layer-grows#inodes',
    (stats) => stats.writableLayer?.inodesUsed,
  ),
  broken(
    'available-of-another-limit',
    'tells as available memory what the limit leaves',
    ['memory-available#is-limit-less-working-set'],
    ({ memory }) => {
      setTo(memory?.availableBytes, (memory?.availableBytes?.value ?? 0n) + 4096n);
    },
  ),
  fault({
    name: 'container-stats-disk-without-time',
    breaks: 'every measurement of a container has a time',
    kills: ['container-stats/times-are-set#set'],
    provenOn: 'simulator',
    how: answer('ContainerStats', ({ stats }) => {
      if (stats?.writableLayer) stats.writableLayer.timestamp = 0n;
    }),
  }),
  broken('without-file-system', 'names the file system', ['writable-layer-file-system#set'], ({ writableLayer }) => {
    if (writableLayer) delete writableLayer.fsId;
  }),
  broken('of-no-folder', 'names a folder that exists', ['writable-layer-file-system#exists'], ({ writableLayer }) => {
    if (writableLayer?.fsId) writableLayer.fsId.mountpoint = '/crible-has-no-such-folder';
  }),
  fault({
    name: 'container-write-fails',
    breaks: 'a command can write files in a container',
    kills: ['container-stats/writable-layer-grows#written', 'container-stats/working-set#written'],
    how: answer('ExecSync', (answered, { cmd }) => {
      if (/dev\/urandom|written-once/.test(cmd.join(' '))) answered.exitCode = 1;
    }),
  }),
  listed('stops-at-exited', 'lists those that run beside exited ones', 'beside-exited#running', (all) => {
    const exited = all.filter(({ cpu }) => cpu === undefined);
    return exited.length > 0 ? exited : all;
  }),
  listed('without-labels', 'has the attributes that ContainerStats has', 'list/agrees-with-one#attributes', (all) => {
    for (const { attributes } of all) if (attributes) attributes.labels = {};
    return all;
  }),
  listed(
    'of-no-folder',
    'names the file system that ContainerStats names',
    'list/agrees-with-one#file-system',
    (all) => {
      for (const { writableLayer } of all) if (writableLayer?.fsId) writableLayer.fsId.mountpoint = '/elsewhere';
      return all;
    },
  ),
  listed('without-memory', 'tells the memory that ContainerStats tells', 'list/agrees-with-one#amounts', (all) => {
    for (const stats of all) delete stats.memory;
    return all;
  }),
  listed('with-files-in-working-set', 'leaves files out of the working set', workingSetListed, (all) => {
    for (const { memory } of all) setTo(memory?.workingSetBytes, memory?.usageBytes?.value ?? 0n);
    return all;
  }),
  listed('doubles-cpu', 'tells the CPU time that ContainerStats tells', 'list/agrees-with-one#cpu', (all) => {
    for (const { cpu } of all) setTo(cpu?.usageCoreNanoSeconds, (cpu?.usageCoreNanoSeconds?.value ?? 0n) * 2n);
    return all;
  }),
];

/** ContainerStats answers something else. */
function broken(
  name: string,
  promise: string,
  kills: readonly string[],
  change: (stats: ContainerStats) => void,
): Fault {
  return fault({
    name: `container-stats-${name}`,
    breaks: `ContainerStats ${promise}`,
    kills: kills.map((kill) => `container-stats/${kill}`),
    how: answer('ContainerStats', ({ stats }) => {
      if (stats) change(stats);
    }),
  });
}

/** One amount stays what it was at first, while all others move. */
function standing(
  name: string,
  promise: string,
  kill: string,
  amountOf: (stats: ContainerStats) => UInt64Value | undefined,
): Fault {
  return fault({
    name: `container-stats-${name}-stands-still`,
    breaks: `the ${promise} are measured again and again`,
    kills: [`container-stats/${kill}`],
    rpcs: ['ContainerStats'],
    how: (): Break => {
      const first = new Map<string, bigint>();
      return answer('ContainerStats', ({ stats }, { containerId }) => {
        const amount = stats && amountOf(stats);
        if (!amount) return;
        amount.value = first.get(containerId) ?? amount.value;
        first.set(containerId, amount.value);
      });
    },
  });
}

/** ListContainerStats answers something else. */
function listed(
  name: string,
  promise: string,
  kill: string,
  change: (stats: ContainerStats[]) => ContainerStats[],
): Fault {
  return fault({
    name: `container-stats-list-${name}`,
    breaks: `ListContainerStats ${promise}`,
    kills: [`container-stats/${kill}`],
    how: answer('ListContainerStats', (answered) => {
      answered.stats = change(answered.stats);
    }),
  });
}

function setTo(amount: UInt64Value | undefined, value: bigint): void {
  if (amount) amount.value = value;
}
