import { readFileSync } from 'node:fs';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { defineCase } from '../../src/kit/case.ts';
import { execSync } from './ask.ts';

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
        servers: ['10.10.10.10', '192.0.2.53'],
        searches: ['crible.svc.example.org', 'svc.example.org', 'example.org'],
        options: ['ndots:8', 'timeout:3'],
      };
      const { id } = await given.startedContainer(await given.podSandbox({ dnsConfig }));
      const { stdout } = await execSync(context, id, ['cat', '/etc/resolv.conf']);
      expect.equal('servers', wordsAfter('nameserver', stdout), dnsConfig.servers, 'the name servers, in their order');
      expect.equal('searches', wordsAfter('search', stdout), dnsConfig.searches, 'the search domains, in their order');
      expect.equal('options', wordsAfter('options', stdout), dnsConfig.options, 'the options');

      const plain = await given.startedContainer(await given.podSandbox());
      const byDefault = (await execSync(context, plain.id, ['cat', '/etc/resolv.conf'])).stdout;
      observe('pod-sandbox.without-dns-config', describe(byDefault));
    },
  }),

  defineCase({
    id: 'pod-sandbox/dns/hostname',
    title: 'gives the containers of a pod its hostname',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'PodSandboxConfig.hostname: the hostname of the sandbox' },
      { kind: 'kubelet', text: 'names it after the pod, or as pod.spec.hostname says' },
    ],
    critest: ['NW-2#hostname'],
    needs,
    async run(context) {
      const { given, expect, observe } = context;
      const hostname = 'crible-names-this-pod';
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
