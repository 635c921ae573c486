import { PodSandboxState } from '../../cri/messages.ts';
import type { PodSandboxFilter } from '../../cri/messages.ts';
import { answer, request } from '../combinators.ts';
import type { Break } from '../break.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

type Labels = Readonly<Record<string, string>>;

/** What the filter of ListPodSandbox promises. */
export const podSandboxFilterFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-filter-without-id',
    breaks: 'ListPodSandbox obeys the id of its filter',
    kills: [
      'pod-sandbox/list/by-id#only-it',
      'pod-sandbox/list/unknown-id#nothing',
      'pod-sandbox/list/combines-filters#other-id',
    ],
    how: filtered((filter) => {
      filter.id = '';
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-without-state',
    breaks: 'ListPodSandbox obeys the state of its filter',
    kills: [
      'pod-sandbox/list/by-state#ready',
      'pod-sandbox/list/combines-filters#other-state',
      'pod-sandbox/end/own-process#not-among-ready',
    ],
    how: filtered((filter) => {
      delete filter.state;
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-for-ready-ones-alone',
    breaks: 'ListPodSandbox obeys a filter for sandboxes that are not ready',
    kills: ['pod-sandbox/list/by-state#not-ready'],
    how: filtered((filter) => {
      if (filter.state?.state === PodSandboxState.SANDBOX_NOTREADY) delete filter.state;
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-without-labels',
    breaks: 'ListPodSandbox obeys the labels of its filter, beside its other fields',
    kills: ['pod-sandbox/list/combines-filters#other-label'],
    how: filtered((filter) => {
      if (filter.id !== '') filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-of-one-label',
    breaks: 'ListPodSandbox obeys every pair of its label selector',
    kills: ['pod-sandbox/list/by-labels#one'],
    how: filtered((filter) => {
      filter.labelSelector = pairsWith(filter.labelSelector, (key) => key !== 'colour');
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-passes-over-unknown-values',
    breaks: 'ListPodSandbox lists nothing for a label that has another value everywhere',
    kills: ['pod-sandbox/list/by-labels#other-value'],
    how: filtered(async (filter, context) => {
      const known = await labelsInUse(context);
      filter.labelSelector = pairsWith(filter.labelSelector, (key, value) =>
        known.some((labels) => labels[key] === value),
      );
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-passes-over-unknown-labels',
    breaks: 'ListPodSandbox lists nothing for a label that no sandbox has',
    kills: ['pod-sandbox/list/by-labels#other-key'],
    how: filtered(async (filter, context) => {
      const known = await labelsInUse(context);
      filter.labelSelector = pairsWith(filter.labelSelector, (key) => known.some((labels) => key in labels));
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-of-a-state-without-labels',
    breaks: 'ListPodSandbox obeys the labels beside the state of its filter',
    kills: ['pod-sandbox/list/combines-filters#without-id'],
    how: filtered((filter) => {
      if (filter.id === '' && filter.state) filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-of-labels-without-state',
    breaks: 'ListPodSandbox obeys the state beside the labels of its filter',
    kills: ['pod-sandbox/list/combines-filters#other-state-without-id'],
    how: filtered((filter) => {
      if (filter.id === '' && Object.keys(filter.labelSelector).length > 0) delete filter.state;
    }),
  }),
  fault({
    name: 'pod-sandbox-filter-of-all-fields-finds-nothing',
    breaks: 'ListPodSandbox lists a sandbox that matches every field of a filter',
    kills: ['pod-sandbox/list/combines-filters#all-match'],
    how: answer('ListPodSandbox', (list, { filter }) => {
      if (filter?.id && filter.state && Object.keys(filter.labelSelector).length > 0) list.items = [];
    }),
  }),
];

function filtered(change: (filter: PodSandboxFilter, context: FaultContext) => void | Promise<void>): Break {
  return request('ListPodSandbox', async ({ filter }, context) => {
    if (filter) await change(filter, context);
  });
}

function pairsWith(labels: Labels, keeps: (key: string, value: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key, value]) => keeps(key, value)));
}

async function labelsInUse({ client }: FaultContext): Promise<readonly Labels[]> {
  const { items } = await client.runtime.listPodSandbox({});
  return items.map(({ labels }) => labels);
}
