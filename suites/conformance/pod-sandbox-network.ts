import { isIP, isIPv4 } from 'node:net';
import { endianness } from 'node:os';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { defineCase } from '../../src/kit/case.ts';
import { scopeLabel } from '../../src/kit/labels.ts';
import { listPodSandboxes, podSandboxState, podSandboxStatus } from './ask.ts';
import { orderOf } from './order.ts';
import { addressOf, expectHeard, heardInside, server, serverPort, serving } from './serving.ts';

const together = 10;

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'pod-sandbox.address-of-next-attempt',
    meaning: 'whether a pod whose sandbox died comes back at the address by which its peers know it',
    stability: 'exact',
    source: 'CNI specification: the IPAM plug-in chooses; host-local goes on to the next address, static stays',
  },
  {
    key: 'pod-sandbox.list-order',
    meaning: 'whether a client may take the first entry of ListPodSandbox for the newest',
    stability: 'exact',
    source: 'source: CRI-O sorts by creation, newest first; containerd lists a map, in no order',
  },
];

export const cases = [
  defineCase({
    id: 'pod-sandbox/network/from-host',
    title: 'lets its host reach a port of a pod at the address that it tells of it',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'PodSandboxNetworkStatus.ip: the address of the sandbox' },
      { kind: 'kubelet', text: 'probes its containers at this address, from the host' },
    ],
    critest: ['NW-3#reached'],
    needs: ['condition:NetworkReady', 'host-network'],
    async run(context) {
      const pod = await context.given.podSandbox({ portMappings: [{ containerPort: serverPort }] });
      await serving(context, pod, 'here');
      const host = await addressOf(context, pod);
      await expectHeard(context, 'reached', { host, port: serverPort }, 'here', 'the pod’s port');
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/between-containers',
    title: 'lets the containers of a pod reach each other on the loopback',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'NamespaceOption.network POD: one network namespace for all containers of a pod' }],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      await serving(context, pod, 'neighbour');
      const client = await given.startedContainer(pod);
      const heard = await heardInside(context, client, '127.0.0.1');
      expect.equal('reached', heard, 'neighbour\n', 'what the other container hears from the loopback');
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/same-port',
    title: 'lets two pods listen on the same port, each at its own address',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.network POD: each sandbox has a network namespace of its own' },
      { kind: 'kubelet', text: 'Kubernetes’ network model: pods need not agree on ports' },
    ],
    needs: ['condition:NetworkReady', 'host-network'],
    async run(context) {
      const { given } = context;
      for (const [key, pod] of [
        ['first', await given.podSandbox()],
        ['second', await given.podSandbox()],
      ] as const) {
        await serving(context, pod, key);
        const host = await addressOf(context, pod);
        await expectHeard(context, key, { host, port: serverPort }, key, `the ${key} pod’s port`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/between-pods',
    title: 'lets a pod reach another, which sees the address that is told of the first',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [{ kind: 'kubelet', text: 'Kubernetes’ network model: pods reach each other without address translation' }],
    needs: ['condition:NetworkReady', 'processes'],
    async run(context) {
      const { given, expect } = context;
      const serverPod = await given.podSandbox();
      await given.readyContainer(serverPod, server('cat /proc/net/tcp /proc/net/tcp6'));
      const clientPod = await given.podSandbox();
      const client = await given.startedContainer(clientPod);
      const address = await addressOf(context, serverPod);
      const peers = peersOf(await heardInside(context, client, address));
      expect.that('reached', peers.length > 0, 'the other pod answers with its connections, this one among them', {
        expected: 'a connection to its port',
        actual: peers,
      });
      const own = await addressOf(context, clientPod);
      // Addresses of IPv6 are written in another way; that they are reached is enough.
      if (isIPv4(address) && isIPv4(own))
        expect.equal('source', [...new Set(peers)], [own], 'the addresses that the other pod is connected to');
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/outlives-containers',
    revision: 2,
    title: 'keeps a pod ready, at its address, when its container ends and the next one is started',
    level: 'required',
    rpcs: ['PodSandboxStatus', 'StopContainer', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'PodSandboxNetworkStatus.ip: the address belongs to the sandbox, not to a container' },
      { kind: 'kubelet', text: 'restarts containers in the sandbox that is there; the pod’s IP stays' },
      { kind: 'kubelet', text: 'ends all containers of a pod whose sandbox is not ready, and runs another sandbox' },
    ],
    needs: ['condition:NetworkReady', 'host-network'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      const { id: containerId } = await serving(context, pod, 'first', { metadata: { name: 'server', attempt: 0 } });
      const host = await addressOf(context, pod, 'status-before');
      await expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 0n }), 'StopContainer');
      const alone = await podSandboxStatus(context, pod.id, 'status-after');
      expect.equal('still-ready', podSandboxState(alone), 'SANDBOX_READY', 'the state while no container runs');
      await serving(context, pod, 'second', { metadata: { name: 'server', attempt: 1 } });
      const after = await addressOf(context, pod, 'status-after');
      expect.equal('address', after, host, 'network.ip with the next container');
      await expectHeard(context, 'reached', { host, port: serverPort }, 'second', 'the port of the next container');
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/next-attempt',
    title: 'gives the next attempt of a stopped pod an address that no other pod has',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [{ kind: 'kubelet', text: 'replaces a sandbox that died by the next attempt and tells the pod’s new IP' }],
    needs: ['condition:NetworkReady'],
    async run(context) {
      const { given, expect, observe } = context;
      const first = await given.podSandbox();
      const other = await given.podSandbox();
      const before = await addressOf(context, first);
      const others = await addressOf(context, other);
      await given.stop(first);
      const { metadata } = first.config;
      const next = await given.podSandbox({
        ...first.config,
        ...(metadata && { metadata: { ...metadata, attempt: 1 } }),
      });
      const after = await addressOf(context, next);
      expect.that('is-address', isIP(after) !== 0, 'network.ip of the next attempt', {
        expected: 'an IPv4 or IPv6 address',
        actual: after,
      });
      expect.that('differs', after !== others, 'the other pod’s address stays its own', {
        expected: `not ${others}`,
        actual: after,
      });
      observe('pod-sandbox.address-of-next-attempt', after === before ? 'the same' : 'another');
    },
  }),

  defineCase({
    id: 'pod-sandbox/network/side-by-side',
    title: `runs ${String(together)} pods that are asked for at the same time, each with an address of its own`,
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [{ kind: 'kubelet', text: 'has a worker for each pod, and all of them start at once when a node boots' }],
    needs: ['condition:NetworkReady'],
    async run(context) {
      const { given, cri, expect, observe, target } = context;
      const configs = Array.from({ length: together }, () => given.podSandboxConfig());
      const made = await expect.succeeds(
        'all-run',
        Promise.all(configs.map((config) => cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }))),
        `RunPodSandbox, ${String(together)} times at once`,
      );
      const statuses = await expect.succeeds(
        'statuses',
        Promise.all(made.map(({ podSandboxId }) => cri.runtime.podSandboxStatus({ podSandboxId }))),
        'PodSandboxStatus of each',
      );
      const addresses = statuses.map(({ status }) => status?.network?.ip ?? '');
      expect.equal(
        'addresses',
        addresses.filter((ip) => isIP(ip) === 0),
        [],
        'values of network.ip that are none',
      );
      const shared = addresses.filter((ip, place) => addresses.indexOf(ip) !== place);
      expect.equal('distinct', shared, [], 'addresses that more than one pod has');

      const listed = await listPodSandboxes(context, {
        labelSelector: { [scopeLabel]: configs[0]?.labels[scopeLabel] ?? '' },
      });
      const byTime = [...listed].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
      const created = byTime.map(({ id }) => id);
      observe('pod-sandbox.list-order', orderOf(created, [listed]));
    },
  }),
];

/** The IPv4 addresses that are connected to the server port, from /proc/net/tcp and tcp6: hexadecimal, in the byte order of the machine. */
function peersOf(table: string): readonly string[] {
  const port = serverPort.toString(16).toUpperCase().padStart(4, '0');
  const listens = '0A';
  const row =
    /^ *\d+: [0-9A-F]+:(?<port>[0-9A-F]{4}) [0-9A-F]*(?<address>[0-9A-F]{8}):[0-9A-F]{4} (?<state>[0-9A-F]{2}) /gm;
  return [...table.matchAll(row)].flatMap(({ groups = {} }) =>
    groups['port'] === port && groups['state'] !== listens ? [dotted(groups['address'] ?? '')] : [],
  );
}

function dotted(word: string): string {
  const bytes = Buffer.from(word, 'hex');
  return endianness() === 'LE' ? [...bytes].reverse().join('.') : [...bytes].join('.');
}
