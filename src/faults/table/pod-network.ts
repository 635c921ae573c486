import type { ContainerConfig, PodSandboxStatus } from '../../cri/messages.ts';
import { scopeLabel } from '../../kit/labels.ts';
import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** An address on the loopback that nobody listens at. */
const wrongAddress = '127.0.0.2';

/** What the network of a pod promises, and what its containers share. */
export const podNetworkFaults: readonly Fault[] = [
  fault({
    name: 'pod-address-leads-nowhere',
    breaks: 'the address that PodSandboxStatus tells is the one at which a pod is reached',
    kills: [
      'pod-sandbox/network/from-host#reached',
      'pod-sandbox/network/same-port#first',
      'pod-sandbox/network/between-pods#reached',
      'pod-sandbox/containers/network#first',
    ],
    how: told(({ network }) => {
      if (network) network.ip = wrongAddress;
    }),
  }),
  fault({
    name: 'pods-told-one-address',
    breaks: 'PodSandboxStatus tells each pod’s own address',
    kills: [
      'pod-sandbox/network/same-port#second',
      'pod-sandbox/network/between-pods#source',
      'pod-sandbox/network/next-attempt#differs',
      'pod-sandbox/network/side-by-side#distinct',
    ],
    rpcs: ['PodSandboxStatus'],
    how: () => {
      const addresses = new Map<string, string>();
      return told(({ network, labels }) => {
        const scope = labels[scopeLabel] ?? '';
        const first = addresses.get(scope) ?? network?.ip ?? '';
        addresses.set(scope, first);
        if (network) network.ip = first;
      });
    },
  }),
  fault({
    name: 'pod-address-changes',
    breaks: 'the address of a pod stays as long as its sandbox',
    kills: ['pod-sandbox/network/outlives-containers#address'],
    rpcs: ['PodSandboxStatus'],
    how: () => {
      const asked = new Set<string>();
      return told(({ id, network }) => {
        if (network && asked.has(id)) network.ip = wrongAddress;
        asked.add(id);
      });
    },
  }),
  fault({
    name: 'next-attempt-of-pod-without-address',
    breaks: 'the next attempt of a pod has an address',
    kills: ['pod-sandbox/network/next-attempt#is-address'],
    how: told((status) => {
      if (status.metadata?.attempt === 1) delete status.network;
    }),
  }),
  fault({
    name: 'five-pods-at-a-time',
    breaks: 'RunPodSandbox can be asked for many pods at the same time',
    kills: ['pod-sandbox/network/side-by-side#all-run'],
    rpcs: ['RunPodSandbox'],
    how: () => {
      let running = 0;
      return around('RunPodSandbox', (next) => async (asked, call) => {
        if (running >= 5) throw new StatusError('ResourceExhausted', 'five pods are being run already');
        running++;
        try {
          return await next(asked, call);
        } finally {
          running--;
        }
      });
    },
  }),
  fault({
    name: 'server-in-a-sandbox-of-its-own',
    breaks: 'the containers of a pod are in one network',
    kills: ['pod-sandbox/network/between-containers#reached'],
    how: elsewhere(({ command }) => command.some((word) => word.includes('echo neighbour'))),
  }),
  fault({
    name: 'next-attempt-of-container-in-a-sandbox-of-its-own',
    breaks: 'the next attempt of a container is reached at the address of its pod',
    kills: ['pod-sandbox/network/outlives-containers#reached'],
    how: elsewhere(({ metadata }) => metadata?.name === 'server' && metadata.attempt === 1),
  }),
  fault({
    name: 'second-container-in-a-sandbox-of-its-own',
    breaks: 'every container of a pod is reached at the address of its pod',
    kills: ['pod-sandbox/containers/network#second'],
    how: elsewhere(({ command }) => command.some((word) => word.includes('echo second'))),
  }),
  fault({
    name: 'exec-sync-in-the-neighbour',
    breaks: 'ExecSync runs a command in the container that it names, not in another one of its pod',
    kills: ['pod-sandbox/containers/exec#first'],
    rpcs: ['CreateContainer', 'ExecSync'],
    how: () => inPlaceOf((containers, id) => containers.find((other) => other !== id)),
  }),
  fault({
    name: 'exec-sync-in-the-first-container',
    breaks: 'ExecSync runs a command in the container that it names, also when that is not the first of its pod',
    kills: ['pod-sandbox/containers/exec#second'],
    rpcs: ['CreateContainer', 'ExecSync'],
    how: () => inPlaceOf(([first]) => first),
  }),
];

/** Changes what PodSandboxStatus tells. */
function told(change: (status: PodSandboxStatus) => void): Break {
  return answer('PodSandboxStatus', ({ status }) => {
    if (status) change(status);
  });
}

/** Creates containers of some kind in a sandbox of nobody's, made from the config of their own. */
function elsewhere(when: (config: ContainerConfig) => boolean): Break {
  return around('CreateContainer', (next, { client, afterwards }) => async (asked, call) => {
    const { config, sandboxConfig } = asked;
    const metadata = sandboxConfig?.metadata;
    if (!config || !metadata || !when(config)) return next(asked, call);
    const other = { ...sandboxConfig, metadata: { ...metadata, attempt: metadata.attempt + 1000 } };
    const { podSandboxId } = await client.runtime.runPodSandbox({ config: other });
    afterwards(async () => {
      await client.runtime.stopPodSandbox({ podSandboxId });
      await client.runtime.removePodSandbox({ podSandboxId });
    });
    return next({ ...asked, podSandboxId, sandboxConfig: other }, call);
  });
}

/** Executes commands in another container than the one that is named; whether that one is ready is asked of itself. */
function inPlaceOf(
  choose: (containers: readonly string[], containerId: string) => string | undefined,
): readonly Break[] {
  const pods = new Map<string, string[]>();
  return [
    around('CreateContainer', (next) => async (asked, call) => {
      const made = await next(asked, call);
      pods.set(asked.podSandboxId, [...(pods.get(asked.podSandboxId) ?? []), made.containerId]);
      return made;
    }),
    request('ExecSync', (asked) => {
      const pod = [...pods.values()].find((containers) => containers.includes(asked.containerId)) ?? [];
      if (asked.cmd[0] !== 'test') asked.containerId = choose(pod, asked.containerId) ?? asked.containerId;
    }),
  ];
}
