import { NamespaceMode } from '../../cri/messages.ts';
import type { NamespaceOption, PodSandboxConfig } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { madeWith } from '../made.ts';

const { POD, CONTAINER, NODE, TARGET } = NamespaceMode;

/** Which namespaces a container is in. */
export const containerNamespaceFaults: readonly Fault[] = [
  fault({
    name: 'pid-namespace-of-the-pod',
    breaks: 'a container has a PID namespace of its own with pid CONTAINER',
    kills: ['container/pid-namespace/container#alone'],
    how: madeWith(({ namespaceOptions }, { command }) => {
      // Far from all commands: as process 1 many behave in another way.
      if (namespaceOptions?.pid === CONTAINER && command[0] === 'sleep') namespaceOptions.pid = POD;
    }),
  }),
  fault({
    name: 'pid-namespace-of-the-container',
    breaks: 'the containers of a pod share a PID namespace with pid POD',
    kills: ['container/pid-namespace/pod#shared'],
    how: ofContainer((options) => {
      if (options.pid === POD) options.pid = CONTAINER;
    }),
  }),
  fault({
    name: 'pid-namespace-of-the-first-container',
    breaks: 'process 1 of a pod with pid POD is of none of its containers',
    kills: ['container/pid-namespace/pod#not-first'],
    rpcs: ['CreateContainer'],
    how: () => {
      const firstIds = new Map<string, string>();
      return around('CreateContainer', (next) => async (asked, call) => {
        const options = asked.config?.linux?.securityContext?.namespaceOptions;
        if (options?.pid !== POD) return next(asked, call);
        const first = firstIds.get(asked.podSandboxId);
        options.pid = first === undefined ? CONTAINER : TARGET;
        options.targetId = first ?? '';
        const created = await next(asked, call);
        firstIds.set(asked.podSandboxId, first ?? created.containerId);
        return created;
      });
    },
  }),
  fault({
    name: 'pid-namespace-not-the-nodes',
    breaks: 'a container is in the node’s PID namespace with pid NODE',
    kills: ['container/pid-namespace/node#node'],
    how: modes((options) => {
      if (options.pid === NODE) options.pid = CONTAINER;
    }),
  }),
  fault({
    name: 'pid-namespace-without-target',
    breaks: 'a container is in the PID namespace of its target with pid TARGET, and nowhere without one',
    kills: ['container/pid-namespace/target#joined', 'container/pid-namespace/unknown-target#refused'],
    how: ofContainer((options) => {
      if (options.pid === TARGET) options.pid = CONTAINER;
    }),
  }),
  fault({
    name: 'container-in-another-pod',
    breaks: 'the containers of a pod share its namespaces',
    kills: ['container/namespace/ipc-of-pod#shared', 'container/namespace/network-of-pod#shared'],
    rpcs: ['CreateContainer'],
    how: () => {
      const seen = new Set<string>();
      return around('CreateContainer', (next, { client, afterwards }) => async (asked, call) => {
        const { podSandboxId, sandboxConfig } = asked;
        const second = seen.has(podSandboxId);
        seen.add(podSandboxId);
        if (!second || sandboxConfig === undefined) return next(asked, call);
        const { metadata } = sandboxConfig;
        const config = { ...sandboxConfig, ...(metadata && { metadata: { ...metadata, attempt: 1000 } }) };
        const { podSandboxId: another } = await client.runtime.runPodSandbox({ config });
        afterwards(async () => {
          await client.runtime.stopPodSandbox({ podSandboxId: another });
          await client.runtime.removePodSandbox({ podSandboxId: another });
        });
        return next({ ...asked, podSandboxId: another }, call);
      });
    },
  }),
  fault({
    name: 'ipc-namespace-of-the-node',
    breaks: 'a pod has an IPC namespace of its own with ipc POD',
    kills: ['container/namespace/ipc-of-pod#not-the-nodes'],
    how: modes((options) => {
      if (options.ipc === POD) options.ipc = NODE;
    }),
  }),
  fault({
    name: 'ipc-namespace-of-the-pod',
    breaks: 'a container is in the node’s IPC namespace with ipc NODE',
    kills: ['container/namespace/ipc-of-node#node'],
    how: modes((options) => {
      if (options.ipc === NODE) options.ipc = POD;
    }),
  }),
  fault({
    name: 'network-namespace-of-the-node',
    breaks: 'a pod has a network namespace of its own with network POD',
    kills: ['container/namespace/network-of-pod#not-the-nodes'],
    how: modes((options, config) => {
      if (options.network === POD) options.network = NODE;
      if (config) config.hostname = '';
    }),
  }),
  fault({
    name: 'network-namespace-of-the-pod',
    breaks: 'a container is in the node’s network namespace with network NODE',
    kills: ['container/namespace/network-of-node#node'],
    how: modes((options) => {
      if (options.network === NODE) options.network = POD;
    }),
  }),
  fault({
    name: 'hostname-of-the-pod',
    breaks: 'a container in the node’s network has the node’s hostname when its sandbox names none',
    kills: ['container/namespace/hostname-of-node#hostname'],
    how: modes((options, config) => {
      if (options.network !== NODE) return;
      options.network = POD;
      if (config) config.hostname = 'a-pod';
    }),
  }),
  fault({
    name: 'user-namespace-of-its-own',
    breaks: 'a container has the node’s users with the user namespace NODE',
    kills: ['container/user-namespace/node#uids'],
    how: answer('ExecSync', (answered, { cmd }) => {
      if (cmd[1] === '/proc/self/uid_map') answered.stdout = Buffer.from('0 100000 65536\n');
    }),
  }),
];

type Change = (options: NamespaceOption, sandbox: PodSandboxConfig | undefined) => void;

/** Changes the modes of sandboxes and of their containers. */
function modes(change: Change): readonly Break[] {
  return [
    request('RunPodSandbox', ({ config }) => {
      const options = config?.linux?.securityContext?.namespaceOptions;
      if (options) change(options, config);
    }),
    request('CreateContainer', ({ config, sandboxConfig }) => {
      const ofSandbox = sandboxConfig?.linux?.securityContext?.namespaceOptions;
      if (ofSandbox) change(ofSandbox, sandboxConfig);
      const options = config?.linux?.securityContext?.namespaceOptions;
      if (options) change(options, undefined);
    }),
  ];
}

/** Changes the modes of containers alone. */
function ofContainer(change: Change): Break {
  return request('CreateContainer', ({ config }) => {
    const options = config?.linux?.securityContext?.namespaceOptions;
    if (options) change(options, undefined);
  });
}
