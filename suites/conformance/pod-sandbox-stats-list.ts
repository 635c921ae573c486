import { randomUUID } from 'node:crypto';
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
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/list/agrees-with-one',
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
      const { given, expect } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod);
      const [listed] = await listPodSandboxStats(context, { id: pod.id });
      const one = await podSandboxStats(context, pod.id);
      expect.equal<unknown>('attributes', listed?.attributes, one.attributes, 'attributes of the list entry');
      const containers = [listed, one].map((stats) => subjectsOf(stats?.linux?.containers ?? []));
      expect.equal('containers', containers[0], containers[1], 'ids in linux.containers of the list entry');
    },
  }),
];
