import { create, NamespaceMode, PodIPSchema, PodSandboxState } from '../../cri/messages.ts';
import type { PodSandbox, PodSandboxFilter, PodSandboxStatus } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { SANDBOX_NOTREADY } = PodSandboxState;
const hoursNs = 2n * 3_600_000_000_000n;

/** What is told of sandboxes in one state alone, by one kind of list alone, or of the second one of a pod. */
export const podSandboxToldFaults: readonly Fault[] = [
  fault({
    name: 'labels-of-stopped-sandbox-lost',
    breaks: 'PodSandboxStatus tells the labels of a stopped sandbox',
    kills: ['pod-sandbox/stop/keeps-metadata#labels'],
    how: stopped((status) => {
      status.labels = {};
    }),
  }),
  fault({
    name: 'annotations-of-stopped-sandbox-lost',
    breaks: 'PodSandboxStatus tells the annotations of a stopped sandbox',
    kills: ['pod-sandbox/stop/keeps-metadata#annotations'],
    how: stopped((status) => {
      status.annotations = {};
    }),
  }),
  fault({
    name: 'namespaces-of-stopped-sandbox-forgotten',
    breaks: 'PodSandboxStatus tells the namespaces of a stopped sandbox',
    kills: ['pod-sandbox/stop/keeps-metadata#namespaces'],
    how: stopped(({ linux }) => {
      if (linux?.namespaces?.options) linux.namespaces.options.pid = NamespaceMode.POD;
    }),
  }),
  fault({
    name: 'entries-of-stopped-sandboxes-bare',
    breaks: 'ListPodSandbox tells the annotations of stopped sandboxes',
    kills: ['pod-sandbox/stop/keeps-metadata#entry'],
    how: answer('ListPodSandbox', ({ items }) => {
      for (const item of items) if (item.state === SANDBOX_NOTREADY) item.annotations = {};
    }),
  }),
  fault({
    name: 'stopped-sandbox-at-another-address',
    breaks: 'PodSandboxStatus tells no other address of a stopped sandbox than it had',
    kills: ['pod-sandbox/stop/is-not-ready-at-once#no-other-address'],
    how: stopped(({ network }) => {
      if (network) network.ip = '127.0.0.3';
    }),
  }),
  fault({
    name: 'pod-sandbox-address-told-twice',
    breaks: 'the additional addresses of a sandbox are others than its first',
    kills: ['pod-sandbox/status/address#additional'],
    how: told(({ network }) => {
      if (network) network.additionalIps.push(create(PodIPSchema, { ip: network.ip }));
    }),
  }),
  fault({
    name: 'pod-sandbox-network-told-as-the-nodes',
    breaks: 'PodSandboxStatus answers POD for a sandbox with a network of its own',
    kills: ['pod-sandbox/status/namespace-options#others'],
    reason: 'of the three modes the one by which the kubelet decides on a sandbox',
    how: told(({ linux }) => {
      if (linux?.namespaces?.options) linux.namespaces.options.network = NamespaceMode.NODE;
    }),
  }),
  fault({
    name: 'pod-sandbox-modes-told-as-usual',
    breaks: 'PodSandboxStatus answers the modes of pid and ipc that were asked for',
    kills: ['pod-sandbox/status/namespace-options#others'],
    reason: 'defaults in place of what was asked for, where another one has the network wrong',
    how: told(({ linux }) => {
      const options = linux?.namespaces?.options;
      if (options) Object.assign(options, { pid: NamespaceMode.CONTAINER, ipc: NamespaceMode.POD });
    }),
  }),
  fault({
    name: 'pod-sandbox-address-lost-when-verbose',
    breaks: 'PodSandboxStatus tells the same of a sandbox when it is asked to be verbose',
    kills: ['pod-sandbox/status/info-only-when-verbose#same-status'],
    how: answer('PodSandboxStatus', ({ status }, { verbose }) => {
      if (status && verbose) delete status.network;
    }),
  }),
  fault({
    name: 'annotations-among-labels',
    breaks: 'a label is told as it is, though an annotation has its key',
    kills: ['pod-sandbox/status/annotations#label-of-same-name'],
    how: told((status) => {
      status.labels = { ...status.labels, ...status.annotations };
    }),
  }),
  fault({
    name: 'next-attempt-created-with-the-first',
    breaks: 'the next attempt of a pod was created later than the first',
    kills: ['pod-sandbox/run/next-attempt#created-later'],
    rpcs: ['PodSandboxStatus'],
    how: () => {
      const created = new Map<string, bigint>();
      return told((status) => {
        const uid = status.metadata?.uid ?? '';
        status.createdAt = created.get(uid) ?? status.createdAt;
        created.set(uid, status.createdAt);
      });
    },
  }),
  fault({
    name: 'pod-sandboxes-created-in-another-time-zone',
    breaks: 'the time of creation of a sandbox is in ns since the epoch, wherever it is',
    kills: ['pod-sandbox/run/next-attempt#created-when-run'],
    how: [
      told((status) => {
        status.createdAt += hoursNs;
      }),
      answer('ListPodSandbox', ({ items }) => {
        for (const item of items) item.createdAt += hoursNs;
      }),
    ],
  }),
  fault({
    name: 'pod-sandboxes-without-uid-in-the-whole-list',
    breaks: 'ListPodSandbox tells the same of a sandbox without a filter as with one',
    kills: ['pod-sandbox/list/without-filter#as-by-id'],
    how: listedBy(
      (filter) => filter === undefined,
      ({ metadata }) => {
        if (metadata) metadata.uid = '';
      },
    ),
  }),
  fault({
    name: 'pod-sandboxes-in-seconds-in-lists-by-state',
    breaks: 'ListPodSandbox tells the same of a sandbox by its state as by its id',
    kills: ['pod-sandbox/list/by-state#as-by-id'],
    how: listedBy(
      (filter) => filter?.state !== undefined && filter.id === '',
      (item) => {
        item.createdAt -= item.createdAt % 1_000_000_000n;
      },
    ),
  }),
  fault({
    name: 'pod-sandboxes-without-namespace-in-lists-by-labels',
    breaks: 'ListPodSandbox tells the same of a sandbox by its labels as by its id',
    kills: ['pod-sandbox/list/by-labels#as-by-id'],
    how: listedBy(
      (filter) => Object.keys(filter?.labelSelector ?? {}).length > 0,
      ({ metadata }) => {
        if (metadata) metadata.namespace = 'default';
      },
    ),
  }),
  fault({
    name: 'pod-sandbox-known-by-its-name-alone',
    breaks: 'two sandboxes of one name and namespace are told apart by their uids',
    kills: ['pod-sandbox/run/is-independent#namesake-runs'],
    rpcs: ['RunPodSandbox'],
    how: () => {
      const uids = new Map<string, string>();
      return around('RunPodSandbox', (next) => async (asked, call) => {
        const { name, namespace, attempt, uid = '' } = asked.config?.metadata ?? {};
        const key = JSON.stringify([name, namespace, attempt]);
        const known = uids.get(key) ?? uid;
        if (known !== uid) throw new StatusError('AlreadyExists', `the name is that of the pod ${known}`);
        uids.set(key, uid);
        return next(asked, call);
      });
    },
  }),
];

function told(change: (status: PodSandboxStatus) => void): Break {
  return answer('PodSandboxStatus', ({ status }) => {
    if (status) change(status);
  });
}

function stopped(change: (status: PodSandboxStatus) => void): Break {
  return told((status) => {
    if (status.state === SANDBOX_NOTREADY) change(status);
  });
}

function listedBy(when: (filter: PodSandboxFilter | undefined) => boolean, change: (item: PodSandbox) => void): Break {
  return answer('ListPodSandbox', ({ items }, { filter }) => {
    if (when(filter)) items.forEach(change);
  });
}
