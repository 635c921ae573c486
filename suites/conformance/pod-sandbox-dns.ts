import { readFileSync } from 'node:fs';
import { NamespaceMode } from '../../src/cri/messages.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { defineCase } from '../../src/kit/case.ts';
import { execSync } from './ask.ts';
import { withNamespaces } from './inside.ts';

const needs = ['processes'];

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'pod-sandbox.without-dns-config',
    meaning: 'by which servers a pod resolves names when its request says nothing of DNS',
    stability: 'exact',
    source: 'source: containerd and CRI-O copy the host’s file, where a runtime could as well give an empty one',
  },
  {
    key: 'pod-sandbox.hostname-file',
    meaning: 'whether programs that read /etc/hostname find the pod’s name there, the image’s file or none',
    stability: 'exact',
    source: 'source: containerd and CRI-O mount a file of the sandbox’s there; no rule of the CRI asks for it',
  },
];

export const cases = [
  defineCase({
    id: 'pod-sandbox/dns/config',
    revision: 2,
    title: 'gives the containers of a pod the name servers, search domains and resolver options of its config',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'DNSConfig: servers, searches and options of the sandbox’s resolver' },
      { kind: 'kubelet', text: 'sends the cluster’s DNS service and domains for pods of dnsPolicy ClusterFirst' },
    ],
    critest: ['NW-1#servers'],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const dnsConfig = {
        servers: ['10.10.10.10', '192.0.2.53', '2001:db8::53'],
        searches: ['crible.svc.example.org', 'svc.example.org', 'example.org', 'example.net', 'example.com', 'example'],
        options: ['ndots:8', 'timeout:3', 'rotate'],
      };
      const pod = await given.podSandbox({ dnsConfig });
      const { id } = await given.startedContainer(pod);
      const { stdout } = await execSync(context, id, ['cat', '/etc/resolv.conf']);
      expect.equal('servers', wordsAfter('nameserver', stdout), dnsConfig.servers, 'the name servers, in their order');
      expect.equal('searches', wordsAfter('search', stdout), dnsConfig.searches, 'the search domains, in their order');
      expect.equal('options', wordsAfter('options', stdout), dnsConfig.options, 'the options');
      const other = await given.startedContainer(pod);
      const ofOther = (await execSync(context, other.id, ['cat', '/etc/resolv.conf'])).stdout;
      expect.equal('other-container', ofOther, stdout, 'the file of another container of the pod');

      const plain = await given.startedContainer(await given.podSandbox());
      const byDefault = (await execSync(context, plain.id, ['cat', '/etc/resolv.conf'])).stdout;
      observe('pod-sandbox.without-dns-config', describe(byDefault));
    },
  }),

  defineCase({
    id: 'pod-sandbox/dns/node-network',
    title: 'gives a pod in the node’s network the resolver of its config, and nothing of the node’s',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'DNSConfig: becomes the sandbox’s resolv.conf' },
      { kind: 'kubelet', text: 'dnsPolicy ClusterFirstWithHostNet, and None, which may name servers alone' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const dnsConfig = { servers: ['192.0.2.53'] };
      const pod = await given.podSandbox({
        hostname: '',
        dnsConfig,
        ...withNamespaces({ network: NamespaceMode.NODE }),
      });
      const { id } = await given.startedContainer(pod);
      const { stdout } = await execSync(context, id, ['cat', '/etc/resolv.conf']);
      expect.equal('servers', wordsAfter('nameserver', stdout), dnsConfig.servers, 'the name servers');
      const others = ['search', 'domain', 'options'].flatMap((keyword) => wordsAfter(keyword, stdout));
      expect.equal('nothing-else', others, [], 'search domains and options');
    },
  }),

  defineCase({
    id: 'pod-sandbox/dns/hostname',
    revision: 2,
    title: 'gives the containers of a pod its hostname',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'PodSandboxConfig.hostname: the hostname of the sandbox' },
      { kind: 'kubelet', text: 'names it after the pod, as pod.spec.hostname says, or by all of its domain name' },
    ],
    critest: ['NW-2#hostname'],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const hostname = 'crible-names-this-pod.crible-svc.example.org';
      const { id } = await given.startedContainer(await given.podSandbox({ hostname }));
      const { stdout } = await execSync(context, id, ['hostname']);
      expect.equal('hostname', stdout, `${hostname}\n`, 'what the program hostname prints');
      const file = await execSync(context, id, ['cat', '/etc/hostname'], 'exec-file');
      const held = file.stdout.trim() === hostname ? 'the pod’s name' : 'something else';
      observe('pod-sandbox.hostname-file', file.exitCode === 0 ? held : 'absent');
    },
  }),
];

/** The values of all lines of resolv.conf that begin with the word. */
function wordsAfter(keyword: string, resolvConf: string): readonly string[] {
  return resolvConf
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([first, ...values]) => (first === keyword ? values : []));
}

function describe(resolvConf: string): string {
  if (resolvConf.trim() === '') return 'empty';
  const servers = wordsAfter('nameserver', resolvConf);
  return servers.join() === wordsAfter('nameserver', hostsOwn()).join() ? 'the host’s name servers' : 'others';
}

/** Of another machine, where the runtime is not on ours. */
function hostsOwn(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return '';
  }
}
