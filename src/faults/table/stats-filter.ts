import { clone, PodSandboxStatsSchema } from '../../cri/messages.ts';
import type { ContainerStatsFilter, PodSandboxStatsFilter } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the filters of ListContainerStats and ListPodSandboxStats promise. */
export const statsFilterFaults: readonly Fault[] = [
  fault({
    name: 'container-stats-filter-without-id',
    breaks: 'ListContainerStats obeys the id of its filter',
    kills: ['container-stats/list/by-id#only-it', 'container-stats/list/combines-filters#other-id'],
    how: ofContainers((filter) => {
      filter.id = '';
    }),
  }),
  fault({
    name: 'container-stats-filter-without-sandbox',
    breaks: 'ListContainerStats obeys the sandbox of its filter',
    kills: ['container-stats/list/by-sandbox#all-of-it', 'container-stats/list/combines-filters#other-sandbox'],
    how: ofContainers((filter) => {
      filter.podSandboxId = '';
    }),
  }),
  fault({
    name: 'container-stats-filter-without-labels',
    breaks: 'ListContainerStats obeys the labels of its filter',
    kills: ['container-stats/list/by-labels#both', 'container-stats/list/combines-filters#other-label'],
    how: ofContainers((filter) => {
      filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'container-stats-filter-of-one-label',
    breaks: 'ListContainerStats obeys every label of its filter',
    kills: ['container-stats/list/by-labels#one'],
    how: ofContainers(keepOneLabel),
  }),
  fault({
    name: 'container-stats-filter-gives-way',
    breaks: 'ListContainerStats lists nothing when nothing matches its filter',
    kills: ['container-stats/list/by-id#none', 'container-stats/list/by-labels#other-value'],
    how: around('ListContainerStats', (next) => async (asked, call) => {
      const found = await next(asked, call);
      const { filter } = asked;
      if (filter === undefined || found.stats.length > 0) return found;
      return next({ ...asked, filter: { ...filter, id: '', labelSelector: oneOf(filter.labelSelector) } }, call);
    }),
  }),
  fault({
    name: 'container-stats-filter-without-unknown-labels',
    breaks: 'ListContainerStats lists nothing when no container has a label of that name',
    kills: ['container-stats/list/by-labels#other-key'],
    how: request('ListContainerStats', async ({ filter }, { client }) => {
      const pairs = Object.entries(filter?.labelSelector ?? {});
      if (filter === undefined || pairs.length === 0) return;
      const { containers } = await client.runtime.listContainers({});
      const names = new Set(containers.flatMap(({ labels }) => Object.keys(labels)));
      filter.labelSelector = Object.fromEntries(pairs.filter(([name]) => names.has(name)));
    }),
  }),
  fault({
    name: 'container-stats-filter-of-several-fields',
    breaks: 'ListContainerStats finds a container that matches several fields of its filter',
    kills: ['container-stats/list/combines-filters#all-match'],
    how: answer('ListContainerStats', (listed, { filter }) => {
      if (filter && filter.id !== '' && filter.podSandboxId !== '') listed.stats = [];
    }),
  }),
  fault({
    name: 'container-stats-only-with-filter',
    breaks: 'ListContainerStats without a filter lists everything',
    kills: ['container-stats/list/without-filter#no-filter'],
    how: answer('ListContainerStats', (listed, { filter }) => {
      if (filter === undefined) listed.stats = [];
    }),
  }),
  fault({
    name: 'container-stats-empty-filter-finds-nothing',
    breaks: 'ListContainerStats with an empty filter lists everything',
    kills: ['container-stats/list/without-filter#empty-filter'],
    how: answer('ListContainerStats', (listed, { filter }) => {
      if (filter && !filter.id && !filter.podSandboxId && Object.keys(filter.labelSelector).length === 0)
        listed.stats = [];
    }),
  }),
  fault({
    name: 'pod-stats-of-an-id-twice',
    breaks: 'ListPodSandboxStats lists one entry for the id of its filter',
    kills: ['pod-sandbox-stats/list/by-id#only-it', 'pod-sandbox-stats/list/by-labels#with-id'],
    // Asked for everything, containerd 1.6 fails while any sandbox is on its way in or out.
    how: answer('ListPodSandboxStats', ({ stats }, { filter }) => {
      const [first] = stats;
      if (filter?.id && first) stats.push(clone(PodSandboxStatsSchema, first));
    }),
  }),
  fault({
    name: 'pod-stats-filter-without-labels',
    breaks: 'ListPodSandboxStats obeys the labels of its filter',
    kills: ['pod-sandbox-stats/list/by-labels#both'],
    how: ofPods((filter) => {
      filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'pod-stats-filter-of-one-label',
    breaks: 'ListPodSandboxStats obeys every label of its filter',
    kills: ['pod-sandbox-stats/list/by-labels#one'],
    how: ofPods(keepOneLabel),
  }),
  fault({
    name: 'pod-stats-filter-gives-way',
    breaks: 'ListPodSandboxStats lists nothing when nothing matches its filter',
    kills: ['pod-sandbox-stats/list/by-id#none', 'pod-sandbox-stats/list/by-labels#other-value'],
    how: around('ListPodSandboxStats', (next) => async (asked, call) => {
      const found = await next(asked, call);
      const { filter } = asked;
      if (filter === undefined || found.stats.length > 0) return found;
      return next({ ...asked, filter: { ...filter, id: '', labelSelector: oneOf(filter.labelSelector) } }, call);
    }),
  }),
  fault({
    name: 'pod-stats-filter-id-alone',
    breaks: 'ListPodSandboxStats obeys the labels of a filter that has an id',
    kills: ['pod-sandbox-stats/list/by-labels#with-other-id'],
    how: ofPods((filter) => {
      if (filter.id !== '') filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'pod-stats-only-with-filter',
    breaks: 'ListPodSandboxStats without a filter lists everything',
    kills: ['pod-sandbox-stats/list/without-filter#all'],
    provenOn: 'simulator',
    how: answer('ListPodSandboxStats', (listed, { filter }) => {
      if (filter === undefined) listed.stats = [];
    }),
  }),
];

function ofContainers(change: (filter: ContainerStatsFilter) => void): Break {
  return request('ListContainerStats', ({ filter }) => {
    if (filter) change(filter);
  });
}

function ofPods(change: (filter: PodSandboxStatsFilter) => void): Break {
  return request('ListPodSandboxStats', ({ filter }) => {
    if (filter) change(filter);
  });
}

function keepOneLabel(filter: ContainerStatsFilter | PodSandboxStatsFilter): void {
  filter.labelSelector = oneOf(filter.labelSelector);
}

function oneOf(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).slice(0, 1));
}
