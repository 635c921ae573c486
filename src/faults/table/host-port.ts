import { Protocol } from '../../cri/messages.ts';
import type { PodSandboxConfig, PortMapping } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { after, request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const loopback = '127.0.0.1';

/** What PodSandboxConfig.port_mappings promises. */
export const hostPortFaults: readonly Fault[] = [
  fault({
    name: 'port-mappings-dropped',
    breaks: 'the ports of the host that a pod’s config maps lead to the pod',
    kills: ['pod-sandbox/host-port/reached#loopback', 'pod-sandbox/host-port/freed#first'],
    how: mapped(() => []),
  }),
  fault({
    name: 'first-host-port-mapped-alone',
    breaks: 'every port of the host that a pod’s config maps leads to the pod',
    kills: ['pod-sandbox/host-port/reached#second-port'],
    how: mapped((mappings) => {
      const [first] = mappings.filter(({ hostPort }) => hostPort > 0);
      return mappings.filter(({ containerPort }) => containerPort === first?.containerPort);
    }),
  }),
  fault({
    name: 'last-host-port-of-container-port-mapped-alone',
    breaks: 'several ports of the host that are mapped to one port of a pod all lead there',
    kills: ['pod-sandbox/host-port/reached#port-again'],
    how: mapped((mappings) => [...new Map(mappings.map((mapping) => [mapping.containerPort, mapping])).values()]),
  }),
  fault({
    name: 'host-port-mapped-for-one-protocol',
    breaks: 'a port of the host is mapped to one pod for each protocol that its config names',
    kills: ['pod-sandbox/host-port/udp#tcp-too'],
    how: mapped((mappings) => [...new Map(mappings.map((mapping) => [mapping.hostPort, mapping])).values()]),
  }),
  fault({
    name: 'host-ports-at-the-loopback-alone',
    breaks: 'a host port without a host_ip is mapped at every address of the host',
    kills: ['pod-sandbox/host-port/reached#other-address'],
    how: mapped((mappings) => mappings.map((mapping) => ({ ...mapping, hostIp: mapping.hostIp || loopback }))),
  }),
  fault({
    name: 'host-ip-dropped',
    breaks: 'a host port with a host_ip is mapped at this address alone',
    kills: ['pod-sandbox/host-port/host-ip#not-elsewhere', 'pod-sandbox/host-port/shared#other'],
    how: mapped((mappings) => mappings.map((mapping) => ({ ...mapping, hostIp: '' }))),
  }),
  fault({
    name: 'host-ports-of-the-loopback-dropped',
    breaks: 'a host port with the loopback’s address as host_ip is mapped there',
    kills: ['pod-sandbox/host-port/host-ip#there', 'pod-sandbox/host-port/shared#first'],
    how: mapped((mappings) => mappings.filter(({ hostIp }) => hostIp !== loopback)),
  }),
  fault({
    name: 'host-ports-are-all-tcp',
    breaks: 'a host port is mapped for the protocol of its mapping',
    kills: ['pod-sandbox/host-port/udp#reached', 'pod-sandbox/host-port/shared#udp'],
    how: mapped((mappings) => mappings.map((mapping) => ({ ...mapping, protocol: Protocol.TCP }))),
  }),
  fault({
    name: 'host-port-of-any-host-ip-taken',
    breaks: 'pods can have one host port with different host_ip',
    kills: ['pod-sandbox/host-port/shared#other-runs'],
    rpcs: ['RunPodSandbox'],
    how: () => taken(({ protocol, hostPort }) => `${String(protocol)} ${String(hostPort)}`),
  }),
  fault({
    name: 'host-port-of-any-protocol-taken',
    breaks: 'pods can have one host port with different protocols',
    kills: ['pod-sandbox/host-port/shared#udp-runs'],
    rpcs: ['RunPodSandbox'],
    how: () => taken(({ hostIp, hostPort }) => `${hostIp} ${String(hostPort)}`),
  }),
  fault({
    name: 'host-port-outlives-its-pod',
    breaks: 'StopPodSandbox gives the pod’s host ports back',
    kills: ['pod-sandbox/host-port/freed#to-host'],
    rpcs: ['RunPodSandbox', 'StopPodSandbox'],
    how: () => {
      const mapping = new Set<string>();
      return [
        after('RunPodSandbox', ({ config }, { podSandboxId }) => {
          if (config?.portMappings.length) mapping.add(podSandboxId);
        }),
        swallow('StopPodSandbox', {}, ({ podSandboxId }) => mapping.has(podSandboxId)),
      ];
    },
  }),
  fault({
    name: 'host-port-mapped-once',
    breaks: 'a host port that was given back can be mapped again',
    kills: ['pod-sandbox/host-port/freed#to-next'],
    rpcs: ['RunPodSandbox'],
    how: () => {
      const used = new Set<number>();
      return mapped((mappings) => {
        const fresh = mappings.filter(({ hostPort }) => !used.has(hostPort));
        for (const { hostPort } of mappings) used.add(hostPort);
        return fresh;
      });
    },
  }),
];

/** Changes which ports are mapped. */
function mapped(change: (mappings: readonly PortMapping[]) => PortMapping[]): Break {
  return request('RunPodSandbox', ({ config }) => {
    if (config) config.portMappings = change(config.portMappings);
  });
}

/** Refuses a pod that maps a port which an earlier one has, by what tells ports apart. */
function taken(keyOf: (mapping: PortMapping) => string): Break {
  const used = new Set<string>();
  const keysOf = (config: PodSandboxConfig | undefined): readonly string[] => config?.portMappings.map(keyOf) ?? [];
  return around('RunPodSandbox', (next) => async (asked, call) => {
    const keys = keysOf(asked.config);
    if (keys.some((key) => used.has(key))) throw new StatusError('AlreadyExists', 'the host port is taken');
    for (const key of keys) used.add(key);
    return next(asked, call);
  });
}
