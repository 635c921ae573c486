import { randomUUID } from 'node:crypto';
import type { PodSandboxStats } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { nobody } from './ask.ts';
import { listPodSandboxStats, podSandboxStats, subjectsOf } from './usage.ts';

const needs = ['rpc:ListPodSandboxStats'];

export const cases = [
  defineCase({
    id: 'pod-sandbox-stats/list/by-id',
    title: 'lists the statistics of one pod sandbox by its id, and none for an id that it does not know',
    level: 'specified',
    rpcs: ['ListPodSandboxStats'],
    basis: [{ kind: 'proto', text: 'PodSandboxStatsFilter.id: id of the pod sandbox' }],
    needs,
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.podSandbox();
      await given.podSandbox();
      expect.equal('only-it', subjectsOf(await listPodSandboxStats(context, { id })), [id], 'the list by id');
      const unknown = await listPodSandboxStats(context, { id: nobody }, 'list-unknown');
      expect.equal('none', subjectsOf(unknown), [], 'the list by an unknown id');
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/list/by-labels',
    title: 'lists the statistics of the pod sandboxes that match every label and the id that are asked for',
    level: 'specified',
    rpcs: ['ListPodSandboxStats'],
    basis: [
      {
        kind: 'proto',
        text: 'PodSandboxStatsFilter: label_selector by equality, all its pairs and fields combined with AND',
      },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const { id: red } = await given.podSandbox({ labels: { group, colour: 'red' } });
      const { id: blue } = await given.podSandbox({ labels: { group, colour: 'blue' } });
      for (const [key, filter, expected] of [
        ['both', { labelSelector: { group } }, [red, blue].sort()],
        ['one', { labelSelector: { group, colour: 'red' } }, [red]],
        ['other-value', { labelSelector: { group, colour: 'green' } }, []],
        ['with-id', { id: blue, labelSelector: { group } }, [blue]],
        ['with-other-id', { id: blue, labelSelector: { group, colour: 'red' } }, []],
      ] as const) {
        const listed = await listPodSandboxStats(context, filter, `${key}-list`);
        expect.equal(key, subjectsOf(listed), expected, `the list by ${JSON.stringify(filter)}`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/list/without-filter',
    revision: 2,
    title: 'lists the statistics of every ready pod sandbox, also while another one is stopped',
    level: 'specified',
    rpcs: ['ListPodSandboxStats'],
    basis: [
      { kind: 'proto', text: 'ListPodSandboxStats: statistics of the pod sandboxes matching a filter' },
      { kind: 'kep', text: 'KEP-2371: the kubelet makes the node’s summary of this list, while pods end on the node' },
    ],
    needs,
    async run(context) {
      const { given, cri, expect } = context;
      const stopped = await given.podSandbox();
      await given.stop(stopped);
      const ids = [(await given.podSandbox()).id, (await given.podSandbox()).id].sort();
      const { stats } = await expect.succeeds(
        'list',
        cri.runtime.listPodSandboxStats({}),
        'ListPodSandboxStats of everything',
      );
      const found = subjectsOf(stats).filter((id) => ids.includes(id));
      expect.equal('all', found, ids, 'two ready sandboxes, found in the list');
      for (const id of ids) {
        const entries = stats.filter(({ attributes }) => attributes?.id === id).map(({ attributes }) => attributes);
        const byId = (await listPodSandboxStats(context, { id })).map(({ attributes }) => attributes);
        expect.equal('as-by-id', entries, byId, 'attributes of a sandbox’s entry, as in the list by its id');
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/list/agrees-with-one',
    revision: 2,
    title: 'says the same of a pod sandbox in ListPodSandboxStats and PodSandboxStats',
    level: 'specified',
    rpcs: ['ListPodSandboxStats', 'PodSandboxStats'],
    basis: [
      {
        kind: 'proto',
        text: 'ListPodSandboxStatsResponse.stats and PodSandboxStatsResponse.stats are the same message',
      },
    ],
    needs: [...needs, 'rpc:PodSandboxStats'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod);
      const [listed] = await listPodSandboxStats(context, { id: pod.id });
      const one = await podSandboxStats(context, pod.id);
      expect.equal<unknown>('attributes', listed?.attributes, one.attributes, 'attributes of the list entry');
      const containers = [listed, one].map((stats) => subjectsOf(stats?.linux?.containers ?? []));
      expect.equal('containers', containers[0], containers[1], 'ids in linux.containers of the list entry');
      const parts = [listed, one].map((stats) => measured.filter((part) => stats?.linux?.[part]));
      expect.equal('parts', parts[0], parts[1], 'what is measured: parts of linux in the list entry');
      await expect.eventually(
        'figures',
        async () => {
          const list = await cri.runtime.listPodSandboxStats({ filter: { id: pod.id } });
          const { stats } = await cri.runtime.podSandboxStats({ podSandboxId: pod.id });
          return { list: figuresOf(list.stats[0]), one: figuresOf(stats) };
        },
        ({ list, one: figures }) => list.every((value, place) => alike(value, figures[place] ?? 0n)),
        'CPU time, working set and received bytes of an idle pod',
        { expected: 'not half, nor twice as much in one as in the other', withinMs: 5_000 },
      );
    },
  }),
];

const measured = ['cpu', 'memory', 'network', 'process', 'io'] as const;

function figuresOf(stats: PodSandboxStats | undefined): readonly bigint[] {
  const { cpu, memory, network } = stats?.linux ?? {};
  const figures = [cpu?.usageCoreNanoSeconds, memory?.workingSetBytes, network?.defaultInterface?.rxBytes];
  return figures.map((figure) => figure?.value ?? 0n);
}

/** Of the same order: nothing happens between two looks, but they are two. */
function alike(one: bigint, other: bigint): boolean {
  return one <= 2n * other && other <= 2n * one;
}
