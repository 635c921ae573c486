import { after, answer, postpones, refuses, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the RPCs about pod sandboxes promise. */
export const podSandboxFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-stops-late',
    breaks: 'a sandbox is not ready any more when StopPodSandbox returns',
    kills: ['pod-sandbox/stop/is-not-ready-at-once'],
    how: postpones('StopPodSandbox', {}, 3000),
  }),
  fault({
    name: 'pod-sandbox-filter-without-state',
    breaks: 'ListPodSandbox obeys the state of its filter',
    kills: ['pod-sandbox/list/by-state'],
    how: request('ListPodSandbox', ({ filter }) => {
      if (filter) delete filter.state;
    }),
  }),
  fault({
    name: 'pod-sandbox-made-twice',
    breaks: 'RunPodSandbox makes one sandbox',
    kills: ['pod-sandbox/list/by-labels'],
    how: after('RunPodSandbox', async ({ config, runtimeHandler }, _, { client, afterwards }) => {
      if (!config?.metadata) return;
      const metadata = { ...config.metadata, attempt: config.metadata.attempt + 1000 };
      const { podSandboxId } = await client.runtime.runPodSandbox({ config: { ...config, metadata }, runtimeHandler });
      afterwards(async () => {
        await client.runtime.stopPodSandbox({ podSandboxId });
        await client.runtime.removePodSandbox({ podSandboxId });
      });
    }),
  }),
  fault({
    name: 'pod-sandbox-label-lost',
    breaks: 'PodSandboxStatus returns every label',
    kills: ['pod-sandbox/status/labels'],
    how: answer('PodSandboxStatus', ({ status }) => {
      if (status) status.labels = Object.fromEntries(Object.entries(status.labels).slice(1));
    }),
  }),
  fault({
    name: 'pod-sandbox-removal-refused',
    breaks: 'RemovePodSandbox of an id that is not known succeeds',
    kills: ['pod-sandbox/remove/unknown-id', 'pod-sandbox/remove/is-idempotent'],
    how: () => {
      const made = new Set<string>();
      return [
        after('RunPodSandbox', (_, { podSandboxId }) => void made.add(podSandboxId)),
        refuses('RemovePodSandbox', 'NotFound', ({ podSandboxId }) => !made.delete(podSandboxId)),
      ];
    },
    rpcs: ['RunPodSandbox', 'RemovePodSandbox'],
  }),
];
