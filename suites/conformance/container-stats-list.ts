import { randomUUID } from 'node:crypto';
import { CriError } from '../../src/cri/error.ts';
import type { ContainerStats } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import { nobody } from './ask.ts';
import { amountsOf, containerStats, listContainerStats, subjectsOf } from './usage.ts';

export const cases = [
  defineCase({
    id: 'container-stats/list/by-id',
    title: 'lists the statistics of one container by its id, and none for an id that it does not know',
    level: 'specified',
    rpcs: ['ListContainerStats'],
    basis: [{ kind: 'proto', text: 'ContainerStatsFilter.id: id of the container' }],
    critest: ['SS-2#only-it'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const { id } = await given.startedContainer(pod);
      await given.startedContainer(pod);
      expect.equal('only-it', subjectsOf(await listContainerStats(context, { id })), [id], 'the list by id');
      const unknown = await listContainerStats(context, { id: nobody }, 'list-unknown');
      expect.equal('none', subjectsOf(unknown), [], 'the list by an unknown id');
    },
  }),

  defineCase({
    id: 'container-stats/list/by-sandbox',
    title: 'lists the statistics of the running containers of one sandbox',
    level: 'specified',
    rpcs: ['ListContainerStats'],
    basis: [{ kind: 'proto', text: 'ContainerStatsFilter.pod_sandbox_id: id of the PodSandbox' }],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const ids = [(await given.startedContainer(pod)).id, (await given.startedContainer(pod)).id];
      await given.startedContainer(await given.podSandbox());
      const listed = await listContainerStats(context, { podSandboxId: pod.id });
      expect.equal('all-of-it', subjectsOf(listed), ids.sort(), 'the list by sandbox');
    },
  }),

  defineCase({
    id: 'container-stats/list/by-labels',
    title: 'lists the statistics of the containers that have all the labels that are asked for',
    level: 'specified',
    rpcs: ['ListContainerStats'],
    basis: [{ kind: 'proto', text: 'ContainerStatsFilter.label_selector: key and value are equal, for every pair' }],
    critest: ['SS-5#one'],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const pod = await given.sharedPodSandbox();
      const { id: red } = await given.startedContainer(pod, { labels: { group, colour: 'red' } });
      const { id: blue } = await given.startedContainer(pod, { labels: { group, colour: 'blue' } });
      for (const [key, labelSelector, expected] of [
        ['both', { group }, [red, blue].sort()],
        ['one', { group, colour: 'red' }, [red]],
        ['other-value', { group, colour: 'green' }, []],
        ['other-key', { group, flavour: 'red' }, []],
      ] as const) {
        const listed = await listContainerStats(context, { labelSelector }, `${key}-list`);
        expect.equal(key, subjectsOf(listed), expected, `the list by labels ${JSON.stringify(labelSelector)}`);
      }
    },
  }),

  defineCase({
    id: 'container-stats/list/combines-filters',
    title: 'lists a container’s statistics only if it matches every field of the filter',
    level: 'specified',
    rpcs: ['ListContainerStats'],
    basis: [{ kind: 'proto', text: 'ContainerStatsFilter: all its fields are combined with AND' }],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const pod = await given.sharedPodSandbox();
      const { id } = await given.startedContainer(pod, { labels: { group } });
      const matching = { id, podSandboxId: pod.id, labelSelector: { group } };
      for (const [key, filter, expected] of [
        ['all-match', matching, [id]],
        ['other-id', { ...matching, id: nobody }, []],
        ['other-sandbox', { ...matching, podSandboxId: nobody }, []],
        ['other-label', { ...matching, labelSelector: { group: 'none' } }, []],
      ] as const) {
        const listed = await listContainerStats(context, filter, `${key}-list`);
        expect.equal(key, subjectsOf(listed), expected, 'the list');
      }
    },
  }),

  defineCase({
    id: 'container-stats/list/without-filter',
    title: 'lists the statistics of every running container when no filter is given',
    level: 'required',
    rpcs: ['ListContainerStats'],
    basis: [
      { kind: 'proto', text: 'ListContainerStats: statistics of all running containers' },
      { kind: 'kubelet', text: 'lists them all for the summary of the node, with an empty filter' },
    ],
    critest: ['SS-3#no-filter', 'SS-4#empty-filter'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const other = await given.podSandbox();
      const ids: string[] = [];
      for (const one of [pod, pod, other]) ids.push((await given.startedContainer(one)).id);
      for (const [key, filter] of [
        ['no-filter', undefined],
        ['empty-filter', {}],
      ] as const) {
        const listed = await expect.succeeds(
          `${key}-list`,
          listedAtLast(context, filter),
          'ListContainerStats of everything',
        );
        const found = subjectsOf(listed).filter((id) => ids.includes(id));
        expect.equal(key, found, [...ids].sort(), 'three running containers of two sandboxes, found in the list');
      }
    },
  }),

  defineCase({
    id: 'container-stats/list/agrees-with-one',
    revision: 2,
    title: 'says the same of a container in ListContainerStats and ContainerStats',
    level: 'specified',
    rpcs: ['ListContainerStats', 'ContainerStats'],
    basis: [
      { kind: 'proto', text: 'ListContainerStatsResponse.stats and ContainerStatsResponse.stats are the same message' },
      { kind: 'kubelet', text: 'asks for the list alone when it decides what to evict' },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const [before] = await listContainerStats(context, { id });
      const one = await containerStats(context, id);
      const [after] = await listContainerStats(context, { id }, 'list-again');
      expect.equal<unknown>('attributes', before?.attributes, one.attributes, 'attributes of the list entry');
      expect.equal('file-system', before?.writableLayer?.fsId, one.writableLayer?.fsId, 'writable_layer.fs_id');
      const cpuTimes = [before, one, after].map((stats) => stats?.cpu?.usageCoreNanoSeconds?.value);
      const rising = cpuTimes.every((time, place) => time !== undefined && time >= (cpuTimes[place - 1] ?? 0n));
      expect.that('cpu', rising, 'usage_core_nano_seconds listed, asked for and listed again, in this order', {
        expected: 'numbers that do not fall',
        actual: cpuTimes,
      });
      const [told, listed] = [usedBy(one), usedBy(after)];
      const lost = [...told.keys()].filter((name) => told.get(name) !== 0n && (listed.get(name) ?? 0n) === 0n);
      expect.equal('amounts', lost, [], 'amounts that the list does not have, or as 0, beside those of ContainerStats');
    },
  }),
];

/** Without the rate, which depends on who else asked before. */
function usedBy({ cpu, memory, writableLayer, swap }: Partial<ContainerStats> = {}): ReadonlyMap<string, bigint> {
  const amounts = new Map(amountsOf({ cpu, memory, writableLayer, swap }));
  amounts.delete('cpu.usageNanoCores');
  return amounts;
}

/** Others' containers come and go while everything is listed; what becomes of one list because of that is not asked here. */
async function listedAtLast(
  { cri }: Pick<CaseContext, 'cri'>,
  filter: { id?: string } | undefined,
  attempts = 3,
): Promise<readonly ContainerStats[]> {
  try {
    return (await cri.runtime.listContainerStats(filter ? { filter } : {})).stats;
  } catch (error) {
    if (!(error instanceof CriError) || attempts <= 1) throw error;
    return listedAtLast({ cri }, filter, attempts - 1);
  }
}
