import { ContainerState } from '../../cri/messages.ts';
import type { ContainerFilter } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the filters of ListContainers promise. */
export const containerListFaults: readonly Fault[] = [
  fault({
    name: 'container-filter-without-id',
    breaks: 'ListContainers obeys the id of its filter',
    kills: [
      'container/list/by-id#only-it',
      'container/list/unknown-id#no-container',
      'container/list/combines-filters#other-id',
    ],
    how: filtering((filter) => {
      filter.id = '';
    }),
  }),
  fault({
    name: 'container-filter-without-sandbox',
    breaks: 'ListContainers obeys the sandbox of its filter',
    kills: [
      'container/list/by-sandbox#all-of-it',
      'container/list/unknown-id#no-sandbox',
      'container/list/combines-filters#other-sandbox',
    ],
    how: filtering((filter) => {
      filter.podSandboxId = '';
    }),
  }),
  fault({
    name: 'container-filter-state-0-is-unset',
    breaks: 'the state CONTAINER_CREATED in a filter is a state, although its number is 0',
    kills: ['container/list/by-state#created'],
    how: filtering((filter) => {
      if (filter.state?.state === ContainerState.CONTAINER_CREATED) delete filter.state;
    }),
  }),
  fault({
    name: 'container-filter-without-running',
    breaks: 'ListContainers obeys the state CONTAINER_RUNNING in its filter',
    kills: ['container/list/by-state#running', 'container/list/combines-filters#other-state'],
    how: filtering((filter) => {
      if (filter.state?.state === ContainerState.CONTAINER_RUNNING) delete filter.state;
    }),
  }),
  fault({
    name: 'container-filter-without-exited',
    breaks: 'ListContainers obeys the state CONTAINER_EXITED in its filter',
    kills: ['container/list/by-state#exited'],
    how: filtering((filter) => {
      if (filter.state?.state === ContainerState.CONTAINER_EXITED) delete filter.state;
    }),
  }),
  fault({
    name: 'container-list-runs-only',
    breaks: 'ListContainers without a filter lists containers of every state',
    kills: ['container/list/by-state#any'],
    how: answer('ListContainers', (listed, { filter }) => {
      if (fieldsOf(filter) > 0) return;
      listed.containers = listed.containers.filter(({ state }) => state === ContainerState.CONTAINER_RUNNING);
    }),
  }),
  fault({
    name: 'container-filter-without-labels',
    breaks: 'ListContainers obeys the labels of its filter',
    kills: ['container/list/by-labels#both', 'container/list/combines-filters#other-label'],
    how: filtering((filter) => {
      filter.labelSelector = {};
    }),
  }),
  fault({
    name: 'container-filter-of-one-label',
    breaks: 'ListContainers obeys every label of its filter',
    kills: ['container/list/by-labels#one'],
    how: filtering((filter) => {
      filter.labelSelector = Object.fromEntries(Object.entries(filter.labelSelector).slice(0, 1));
    }),
  }),
  fault({
    name: 'container-filter-gives-way',
    breaks: 'ListContainers lists nothing when no container has the values of the labels',
    kills: ['container/list/by-labels#other-value'],
    how: around('ListContainers', (next) => async (asked, call) => {
      const found = await next(asked, call);
      const { filter } = asked;
      const pairs = Object.entries(filter?.labelSelector ?? {});
      if (filter === undefined || pairs.length < 2 || found.containers.length > 0) return found;
      return next({ ...asked, filter: { ...filter, labelSelector: Object.fromEntries(pairs.slice(0, 1)) } }, call);
    }),
  }),
  fault({
    name: 'container-filter-without-unknown-labels',
    breaks: 'ListContainers lists nothing when no container has a label of that name',
    kills: ['container/list/by-labels#other-key'],
    how: request('ListContainers', async ({ filter }, { client }) => {
      const pairs = Object.entries(filter?.labelSelector ?? {});
      if (filter === undefined || pairs.length === 0) return;
      const { containers } = await client.runtime.listContainers({});
      const names = new Set(containers.flatMap(({ labels }) => Object.keys(labels)));
      filter.labelSelector = Object.fromEntries(pairs.filter(([name]) => names.has(name)));
    }),
  }),
  fault({
    name: 'container-filter-of-several-fields',
    breaks: 'ListContainers finds a container that matches several fields of its filter',
    kills: ['container/list/combines-filters#all-match'],
    how: answer('ListContainers', (listed, { filter }) => {
      if (fieldsOf(filter) > 1) listed.containers = [];
    }),
  }),
];

/** Changes the filter of ListContainers. */
function filtering(change: (filter: ContainerFilter) => void): Break {
  return request('ListContainers', ({ filter }) => {
    if (filter) change(filter);
  });
}

/** How many fields of a filter say something. */
function fieldsOf(filter: ContainerFilter | undefined): number {
  if (filter === undefined) return 0;
  const { id, podSandboxId, state, labelSelector } = filter;
  return [id !== '', podSandboxId !== '', state !== undefined, Object.keys(labelSelector).length > 0].filter(Boolean)
    .length;
}
