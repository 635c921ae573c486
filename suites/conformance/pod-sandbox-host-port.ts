import { createSocket } from 'node:dgram';
import { Protocol } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Container, PodSandbox } from '../../src/kit/given.ts';
import type { CaseDeclaration } from '../../src/model/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { codeOfCall, execSync } from './ask.ts';
import {
  answeringHere,
  expectHeard,
  freePort,
  heardFrom,
  otherAddress,
  server,
  serverPort,
  serving,
} from './serving.ts';

const needs = ['condition:NetworkReady', 'host-network', 'host-ports'];
const locks: CaseDeclaration['locks'] = [{ scope: 'host', resource: 'host-port' }];
const rpcs = ['RunPodSandbox'];
const loopback = '127.0.0.1';

/** How long a datagram may take to be counted on a busy machine. */
const arrivalMs = 5_000;

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'pod-sandbox.host-port-twice',
    meaning: 'whether a pod that wants a host port which another has fails to start, or starts and is not reached',
    stability: 'exact',
    source:
      'source: CRI-O opens the port itself and refuses a second pod; the portmap plug-in of CNI adds a second rule',
  },
];

export const cases = [
  defineCase({
    id: 'pod-sandbox/host-port/reached',
    revision: 3,
    title: 'maps ports of the host to ports of a pod, at the loopback and at another address of the host',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'PortMapping: host_port is mapped to container_port; without host_ip at all addresses' },
      { kind: 'kubelet', text: 'hands on all ports of pod.spec.containers.ports, of which some have a hostPort' },
    ],
    critest: ['NW-4#loopback'],
    needs,
    locks,
    async run(context) {
      const { given, cri, observe, target } = context;
      const ports = new Set<number>();
      while (ports.size < 3) ports.add(await freePort());
      const [port = 0, other = 0, again = 0] = ports;
      const otherServerPort = serverPort + 1;
      const portMappings = [
        { containerPort: otherServerPort + 1 },
        { containerPort: serverPort, hostPort: again },
        { containerPort: serverPort, hostPort: port },
        { containerPort: otherServerPort, hostPort: other },
      ];
      const servers = [server('echo mapped'), server('echo second', otherServerPort)];
      await given.readyContainer(await given.podSandbox({ portMappings }), servers.join('; '));
      await expectHeard(context, 'loopback', { host: loopback, port }, 'mapped', 'the loopback’s port');
      await expectHeard(context, 'other-address', { host: otherAddress(), port }, 'mapped', 'another address’ port');
      await expectHeard(context, 'second-port', { host: loopback, port: other }, 'second', 'the second mapped port');
      await expectHeard(context, 'port-again', { host: loopback, port: again }, 'mapped', 'another one for the first');

      const config = given.podSandboxConfig({ portMappings });
      const code = await codeOfCall(cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }));
      observe('pod-sandbox.host-port-twice', code === 'OK' ? 'accepted' : `refused with ${code}`);
    },
  }),

  defineCase({
    id: 'pod-sandbox/host-port/host-ip',
    title: 'maps a host port with a host_ip at that address of the host alone',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'PortMapping.host_ip: the address of the host whose port is mapped' },
      { kind: 'kubelet', text: 'hands on hostIP, by which a pod is reached from its own host only' },
    ],
    needs,
    locks,
    async run(context) {
      const { given, expect } = context;
      const port = await freePort();
      const portMappings = [{ containerPort: serverPort, hostPort: port, hostIp: loopback }];
      await serving(context, await given.podSandbox({ portMappings }), 'private');
      await expectHeard(context, 'there', { host: loopback, port }, 'private', 'the port of host_ip');
      const host = otherAddress();
      const elsewhere = await heardFrom({ host, port });
      expect.that('not-elsewhere', elsewhere !== 'private\n', `the same port of ${host} does not lead to the pod`, {
        expected: `not ${JSON.stringify('private\n')}`,
        actual: elsewhere,
      });
    },
  }),

  defineCase({
    id: 'pod-sandbox/host-port/udp',
    revision: 2,
    title: 'maps a UDP port of the host to a pod, beside the TCP port of the same number',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'PortMapping.protocol UDP: datagrams to host_port go to the pod' },
      { kind: 'kubelet', text: 'tells the ports of a pod apart by protocol too; DNS servers have 53 of both' },
    ],
    needs: [...needs, 'processes'],
    locks,
    async run(context) {
      const { given } = context;
      const port = await freePort();
      const protocols = [Protocol.TCP, Protocol.UDP];
      const portMappings = protocols.map((protocol) => ({ protocol, containerPort: serverPort, hostPort: port }));
      const container = await serving(context, await given.podSandbox({ portMappings }), 'both');
      await expectDatagram(context, 'reached', container, { host: loopback, port });
      await expectHeard(context, 'tcp-too', { host: loopback, port }, 'both', 'the TCP port');
    },
  }),

  defineCase({
    id: 'pod-sandbox/host-port/shared',
    title: 'maps one port number of the host to several pods that differ in host_ip or protocol',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'PortMapping: protocol and host_ip belong to what is mapped' },
      { kind: 'kubelet', text: 'the scheduler lets such pods share a node (Kubernetes’ conformance tests run three)' },
    ],
    needs: [...needs, 'processes'],
    locks,
    // Three pods and five looks at them: more than the usual time on a machine that is slow.
    timeoutMs: 120_000,
    async run(context) {
      const { given, cri, expect, target } = context;
      const port = await freePort();
      const mapped = { containerPort: serverPort, hostPort: port };
      const run = async (name: string, mapping: { hostIp: string; protocol: Protocol }): Promise<PodSandbox> => {
        const config = given.podSandboxConfig({ portMappings: [{ ...mapped, ...mapping }] });
        const { podSandboxId: id } = await expect.succeeds(
          `${name}-runs`,
          cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
          'RunPodSandbox with a host port that another pod has with another host_ip or protocol',
        );
        return { id, config };
      };
      const first = await given.podSandbox({ portMappings: [{ ...mapped, hostIp: loopback }] });
      // A machine without a network has no other address than the bridge's, from the first pod on.
      const host = otherAddress();
      const other = await run('other', { hostIp: host, protocol: Protocol.TCP });
      const udp = await run('udp', { hostIp: host, protocol: Protocol.UDP });
      await serving(context, first, 'first');
      await serving(context, other, 'other');
      const client = await given.startedContainer(udp);
      await expectHeard(context, 'first', { host: loopback, port }, 'first', 'the port of the first pod');
      await expectHeard(context, 'other', { host, port }, 'other', 'the port at the other address');
      await expectDatagram(context, 'udp', client, { host, port });
    },
  }),

  defineCase({
    id: 'pod-sandbox/host-port/freed',
    title: 'gives a host port back when its pod is stopped: to the host, and to the next pod that wants it',
    level: 'required',
    rpcs: ['StopPodSandbox', 'RunPodSandbox'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: reclaims the network resources of the sandbox' },
      { kind: 'kubelet', text: 'runs the next pod with a host port as soon as the one before is stopped' },
    ],
    needs,
    locks,
    async run(context) {
      const { given, cri, expect } = context;
      const port = await freePort();
      const portMappings = [{ containerPort: serverPort, hostPort: port }];
      const at = { host: loopback, port };
      const pod = await given.podSandbox({ portMappings });
      await serving(context, pod, 'first');
      await expectHeard(context, 'first', at, 'first', 'the port of the first pod');
      await expect.succeeds('stop', cri.runtime.stopPodSandbox({ podSandboxId: pod.id }), 'StopPodSandbox');
      await expect.eventually(
        'to-host',
        () => answeringHere(port, 'this host\n', () => heardFrom(at)),
        (heard) => heard === 'this host\n',
        'a server of this machine can have the port and is heard there',
        { expected: 'this host\n', withinMs: arrivalMs },
      );
      await serving(context, await given.podSandbox({ portMappings }), 'next');
      await expectHeard(context, 'to-next', at, 'next', 'the port of the next pod');
    },
  }),
];

/**
 * Sends datagrams until the kernel counts one for the network of a container. Nobody needs to listen there: what reaches a
 * network namespace and finds no port is counted as well.
 */
async function expectDatagram(
  context: Pick<CaseContext, 'cri' | 'expect'>,
  key: string,
  { id: containerId }: Container,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const { cri, expect } = context;
  const cmd = ['cat', '/proc/net/snmp'];
  const before = unheard((await execSync(context, containerId, cmd, `${key}-before`)).stdout);
  const socket = createSocket('udp4');
  // What comes back from a closed port is an error here.
  socket.on('error', () => undefined);
  try {
    await expect.eventually(
      key,
      async () => {
        await new Promise((resolve) => {
          socket.send('crible', port, host, resolve);
        });
        const { stdout } = await cri.runtime.execSync({ containerId, cmd, timeout: 10n });
        return unheard(Buffer.from(stdout).toString()) - before;
      },
      (count) => count > 0,
      `datagrams to ${host}:${String(port)} reach the pod: those that it counts`,
      { expected: 'more than 0', withinMs: arrivalMs },
    );
  } finally {
    socket.close();
  }
}

/** Udp NoPorts of /proc/net/snmp (RFC 4113, udpNoPorts): datagrams for a port on which nobody listens. */
function unheard(snmp: string): number {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('NoPorts')]);
}
