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
    how: config((made) => {
      if (made.hostname === 'crible-names-this-pod') made.hostname = 'localhost';
    }),
  }),
];

function config(change: (config: PodSandboxConfig) => void): Break {
  return request('RunPodSandbox', (asked) => {
    if (asked.config) change(asked.config);
  });
}
