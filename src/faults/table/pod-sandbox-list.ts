import { PodSandboxState } from '../../cri/messages.ts';
import type { PodSandbox } from '../../cri/messages.ts';
import { answer, request } from '../combinators.ts';
import type { Break } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the entries of ListPodSandbox promise, and which sandboxes are listed when no filter says so. */
export const podSandboxListFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandboxes-listed-by-short-ids',
    breaks: 'ListPodSandbox answers ids whole',
    kills: ['pod-sandbox/list/agrees-with-status#id'],
    how: eachListed((item) => {
      item.id = item.id.slice(0, 13);
    }),
  }),
  fault({
    name: 'pod-sandbox-attempt-lost-in-list',
    breaks: 'ListPodSandbox answers the whole metadata, the attempt too',
    kills: ['pod-sandbox/list/agrees-with-status#metadata'],
    how: eachListed(({ metadata }) => {
      if (metadata) metadata.attempt = 7;
    }),
  }),
  fault({
    name: 'pod-sandboxes-listed-in-the-wrong-state',
    breaks: 'ListPodSandbox answers the state of each sandbox',
    kills: ['pod-sandbox/list/agrees-with-status#state'],
    how: eachListed((item) => {
      item.state = PodSandboxState.SANDBOX_NOTREADY;
    }),
  }),
  fault({
    name: 'pod-sandboxes-listed-in-milliseconds',
    breaks: 'ListPodSandbox answers the time of creation in nanoseconds',
    kills: ['pod-sandbox/list/agrees-with-status#createdAt'],
    how: eachListed((item) => {
      item.createdAt /= 1_000_000n;
    }),
  }),
  fault({
    name: 'pod-sandbox-created-before-its-time',
    breaks: 'the time of creation of a sandbox stays as it was',
    kills: ['pod-sandbox/status/created-at#same-in-list'],
    rpcs: ['PodSandboxStatus', 'ListPodSandbox'],
    how: () => {
      let backNs = 0n;
      const earlier = (pod: { createdAt: bigint } | undefined): void => {
        backNs += 1_000_000_000n;
        if (pod) pod.createdAt -= backNs;
      };
      return [
        answer('PodSandboxStatus', ({ status }) => {
          earlier(status);
        }),
        eachListed(earlier),
      ];
    },
  }),
  fault({
    name: 'pod-sandboxes-listed-twice',
    breaks: 'ListPodSandbox lists a sandbox once',
    kills: ['pod-sandbox/list/by-id#only-it'],
    reason: 'a list that is put together from two places; the entries themselves are right',
    how: answer('ListPodSandbox', (list) => {
      list.items.push(...list.items);
    }),
  }),
  fault({
    name: 'pod-sandboxes-listed-without-labels',
    breaks: 'ListPodSandbox answers the labels of each sandbox',
    kills: ['pod-sandbox/list/agrees-with-status#labels'],
    how: eachListed((item) => {
      item.labels = {};
    }),
  }),
  fault({
    name: 'pod-sandboxes-listed-without-annotations',
    breaks: 'ListPodSandbox answers the annotations of each sandbox',
    kills: ['pod-sandbox/list/agrees-with-status#annotations'],
    how: eachListed((item) => {
      item.annotations = {};
    }),
  }),
  fault({
    name: 'stopped-pod-sandboxes-unlisted',
    breaks: 'ListPodSandbox without a filter lists the stopped sandboxes too',
    kills: ['pod-sandbox/list/without-filter#no-filter'],
    how: answer('ListPodSandbox', (list, { filter }) => {
      if (filter === undefined) list.items = list.items.filter(({ state }) => state === PodSandboxState.SANDBOX_READY);
    }),
  }),
  fault({
    name: 'empty-filter-means-ready',
    breaks: 'a filter of ListPodSandbox without a state lists every state, though the first state is number 0',
    kills: ['pod-sandbox/list/without-filter#empty-filter'],
    how: request('ListPodSandbox', ({ filter }) => {
      if (filter?.id === '' && Object.keys(filter.labelSelector).length === 0)
        filter.state ??= { $typeName: 'runtime.v1.PodSandboxStateValue', state: PodSandboxState.SANDBOX_READY };
    }),
  }),
  fault({
    name: 'only-the-newest-attempt-listed',
    breaks: 'ListPodSandbox lists the earlier attempts of a pod too',
    kills: ['pod-sandbox/run/next-attempt#both-listed'],
    how: answer('ListPodSandbox', (list) => {
      const isNewest = ({ metadata }: PodSandbox): boolean =>
        list.items.every(
          (other) =>
            other.metadata?.uid !== metadata?.uid || (other.metadata?.attempt ?? 0) <= (metadata?.attempt ?? 0),
        );
      list.items = list.items.filter(isNewest);
    }),
  }),
];

function eachListed(change: (item: PodSandbox) => void): Break {
  return answer('ListPodSandbox', ({ items }) => {
    items.forEach(change);
  });
}
