import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, MountSchema, NamespaceMode } from '../../cri/messages.ts';
import type { PodSandboxConfig } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What a pod's config says of names: its resolver's and its own. */
export const podDnsFaults: readonly Fault[] = [
  fault({
    name: 'dns-servers-dropped',
    breaks: 'a pod’s resolver has the servers of its config',
    kills: ['pod-sandbox/dns/config#servers'],
    reason: 'none of them, where dns-servers-reversed has them in another order',
    how: config(({ dnsConfig }) => {
      if (dnsConfig) dnsConfig.servers = [];
    }),
  }),
  fault({
    name: 'dns-servers-reversed',
    breaks: 'a pod’s resolver asks the servers of its config in their order',
    kills: ['pod-sandbox/dns/config#servers'],
    reason: 'the right ones in the wrong order, where dns-servers-dropped has none',
    how: config(({ dnsConfig }) => {
      dnsConfig?.servers.reverse();
    }),
  }),
  fault({
    name: 'dns-searches-dropped',
    breaks: 'a pod’s resolver has the search domains of its config',
    kills: ['pod-sandbox/dns/config#searches'],
    how: config(({ dnsConfig }) => {
      if (dnsConfig) dnsConfig.searches = [];
    }),
  }),
  fault({
    name: 'dns-options-dropped',
    breaks: 'a pod’s resolver has the options of its config',
    kills: ['pod-sandbox/dns/config#options'],
    how: config(({ dnsConfig }) => {
      if (dnsConfig) dnsConfig.options = [];
    }),
  }),
  fault({
    name: 'hostname-dropped',
    breaks: 'the containers of a pod have its hostname',
    kills: ['pod-sandbox/dns/hostname#hostname'],
    reason: 'the whole name, where hostname-without-its-domain cuts it',
    how: config((made) => {
      if (made.hostname.startsWith('crible-names-this-pod')) made.hostname = 'localhost';
    }),
  }),
  fault({
    name: 'hostname-without-its-domain',
    breaks: 'the containers of a pod have the whole of its hostname',
    kills: ['pod-sandbox/dns/hostname#hostname'],
    reason: 'a part of it, where hostname-dropped has none',
    how: config((made) => {
      made.hostname = made.hostname.split('.')[0] ?? '';
    }),
  }),
  fault({
    name: 'dns-of-the-node-in-its-network',
    breaks: 'a pod in the node’s network has the resolver of its config',
    kills: ['pod-sandbox/dns/node-network#servers'],
    how: config((made) => {
      if (made.linux?.securityContext?.namespaceOptions?.network === NamespaceMode.NODE) delete made.dnsConfig;
    }),
  }),
  fault({
    name: 'dns-searches-added',
    breaks: 'a pod’s resolver has no search domains but those of its config',
    kills: ['pod-sandbox/dns/node-network#nothing-else'],
    how: config(({ dnsConfig }) => {
      if (dnsConfig?.searches.length === 0) dnsConfig.searches.push('node.example.org');
    }),
  }),
  fault({
    name: 'dns-for-one-container',
    breaks: 'all containers of a pod have the resolver of its config',
    kills: ['pod-sandbox/dns/config#other-container'],
    rpcs: ['CreateContainer'],
    how: () => {
      const pods = new Set<string>();
      return request('CreateContainer', ({ podSandboxId, config: made, sandboxConfig }, { folder }) => {
        const again = pods.has(podSandboxId);
        pods.add(podSandboxId);
        if (!again || !sandboxConfig?.dnsConfig) return;
        const hostPath = join(folder, 'resolv.conf');
        writeFileSync(hostPath, 'nameserver 192.0.2.1\n');
        made?.mounts.push(create(MountSchema, { hostPath, containerPath: '/etc/resolv.conf' }));
      });
    },
  }),
];

function config(change: (config: PodSandboxConfig) => void): Break {
  return request('RunPodSandbox', (asked) => {
    if (asked.config) change(asked.config);
  });
}
