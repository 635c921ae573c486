import { randomUUID } from 'node:crypto';
import { PodSandboxState } from '../../src/cri/messages.ts';
import type { PodSandbox } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { idsOf, listPodSandboxes, nobody, podSandboxState, podSandboxStatus } from './ask.ts';

const ready = { state: PodSandboxState.SANDBOX_READY };
const notReady = { state: PodSandboxState.SANDBOX_NOTREADY };

export const cases = [
  defineCase({
    id: 'pod-sandbox/list/by-id',
    title: 'lists one sandbox by its id',
    level: 'required',
    rpcs: ['ListPodSandbox'],
    basis: [{ kind: 'proto', text: 'PodSandboxFilter.id: only the sandbox of that id' }],
    critest: ['PS-1#only-it'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.podSandbox();
      await given.podSandbox();
      expect.equal('only-it', idsOf(await listPodSandboxes(context, { id })), [id], 'the list by id');
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/unknown-id',
    title: 'lists nothing, without an error, for an id that it does not know',
    level: 'specified',
    rpcs: ['ListPodSandbox'],
    basis: [{ kind: 'proto', text: 'ListPodSandbox: the sandboxes that match the filter, which may be none' }],
    async run(context) {
      const { given, expect } = context;
      await given.podSandbox();
      const items = await listPodSandboxes(context, { id: nobody });
      expect.equal('nothing', idsOf(items), [], 'the list by an unknown id');
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/without-filter',
    revision: 2,
    title: 'lists sandboxes of every state when no filter is given',
    level: 'required',
    rpcs: ['ListPodSandbox'],
    basis: [
      { kind: 'proto', text: 'ListPodSandboxRequest.filter: without one all sandboxes are listed' },
      { kind: 'kubelet', text: 'finds the stopped sandboxes that it has to remove in the full list' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const { id } = await given.podSandbox();
      const stopped = await given.podSandbox();
      await given.stop(stopped);
      const both = [id, stopped.id].sort();
      for (const [key, request] of [
        ['no-filter', {}],
        ['empty-filter', { filter: {} }],
      ] as const) {
        const { items } = await expect.succeeds(`${key}-list`, cri.runtime.listPodSandbox(request), 'ListPodSandbox');
        const found = idsOf(items).filter((listed) => both.includes(listed));
        expect.equal(key, found, both, 'a ready and a stopped sandbox, found in the full list');
        await expectAsById(context, items, both, `${key}-list`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/by-state',
    revision: 2,
    title: 'lists sandboxes of the state that is asked for and no others',
    level: 'required',
    rpcs: ['ListPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'PodSandboxFilter.state: set means that state, even where its number is 0; unset means any',
      },
      { kind: 'kubelet', text: 'asks for ready sandboxes when it looks for running pods' },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.podSandbox();
      const stopped = await given.podSandbox();
      await given.stop(stopped);
      for (const [key, state, expected] of [
        ['ready', ready, { states: ['SANDBOX_READY'], ours: [id] }],
        ['not-ready', notReady, { states: ['SANDBOX_NOTREADY'], ours: [stopped.id] }],
      ] as const) {
        const items = await listPodSandboxes(context, { state }, `${key}-list`);
        const seen = {
          states: [...new Set(items.map(podSandboxState))],
          ours: idsOf(items).filter((listed) => [id, stopped.id].includes(listed)),
        };
        expect.equal<unknown>(
          key,
          seen,
          expected,
          'the states in the list, and which of a ready and a stopped sandbox are there',
        );
        await expectAsById(context, items, expected.ours, `${key}-list`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/by-labels',
    revision: 2,
    title: 'lists the sandboxes that have all the labels that are asked for',
    level: 'specified',
    rpcs: ['ListPodSandbox'],
    basis: [{ kind: 'proto', text: 'PodSandboxFilter.label_selector: key and value are equal, for every pair' }],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const { id: red } = await given.podSandbox({ labels: { group, colour: 'red' } });
      const { id: blue } = await given.podSandbox({ labels: { group, colour: 'blue' } });
      for (const [key, labelSelector, expected] of [
        ['both', { group }, [red, blue].sort()],
        ['one', { group, colour: 'red' }, [red]],
        ['other-value', { group, colour: 'green' }, []],
        ['other-key', { group, flavour: 'red' }, []],
      ] as const) {
        const items = await listPodSandboxes(context, { labelSelector }, `${key}-list`);
        expect.equal(key, idsOf(items), expected, `the list by labels ${JSON.stringify(labelSelector)}`);
        await expectAsById(context, items, expected, `${key}-list`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/combines-filters',
    revision: 2,
    title: 'lists a sandbox only if it matches every field of the filter',
    level: 'specified',
    rpcs: ['ListPodSandbox'],
    basis: [
      { kind: 'proto', text: 'PodSandboxFilter: its fields are combined with AND' },
      { kind: 'kubelet', text: 'looks for the ready sandboxes of one pod by state and label' },
    ],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const { id } = await given.podSandbox({ labels: { group } });
      for (const [key, filter, expected] of [
        ['all-match', { id, state: ready, labelSelector: { group } }, [id]],
        ['other-state', { id, state: notReady, labelSelector: { group } }, []],
        ['other-label', { id, state: ready, labelSelector: { group: 'none' } }, []],
        ['other-id', { id: nobody, state: ready, labelSelector: { group } }, []],
        ['without-id', { state: ready, labelSelector: { group } }, [id]],
        ['other-state-without-id', { state: notReady, labelSelector: { group } }, []],
      ] as const) {
        expect.equal(key, idsOf(await listPodSandboxes(context, filter, `${key}-list`)), expected, 'the list');
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/list/agrees-with-status',
    title: 'says the same of a sandbox in list and status',
    level: 'required',
    rpcs: ['ListPodSandbox', 'PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandbox and PodSandboxStatus: both describe the sandbox by the same fields' },
      { kind: 'kubelet', text: 'works from either, by what it needs to know' },
    ],
    critest: ['PS-4#metadata'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.podSandbox({ annotations: { 'crible.example/a': 'b' } });
      const status = await podSandboxStatus(context, id);
      const [item] = await listPodSandboxes(context, { id });
      for (const field of ['id', 'metadata', 'state', 'createdAt', 'labels', 'annotations'] as const) {
        expect.equal<unknown>(field, item?.[field], status[field], `${field} of the list entry, as in the status`);
      }
    },
  }),
];

/** Whatever the filter, the entries of a list are the same. @param key the expectation's that a list by id is answered */
async function expectAsById(
  context: Pick<CaseContext, 'cri' | 'expect'>,
  items: readonly PodSandbox[],
  ids: readonly string[],
  key: string,
): Promise<void> {
  for (const id of ids) {
    const entries = items.filter((item) => item.id === id);
    const byId = await listPodSandboxes(context, { id }, key);
    context.expect.equal('as-by-id', entries, byId, 'the entries of a sandbox, as in the list by its id');
  }
}
