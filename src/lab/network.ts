import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LabError } from './lab-error.ts';
import type { LabPlaces } from './lab-name.ts';
import { gatewayHardwareAddress, gatewayOf } from './subnet.ts';

const run = promisify(execFile);

/**
 * The lab's bridge, with the gateway's address on it. Making it here rather than by the CNI plug-in leaves the
 * machine's net.ipv4.ip_forward alone, which the plug-in would switch on for good.
 */
export async function makeBridge(busybox: string, { bridge }: LabPlaces, subnet: string): Promise<void> {
  const ip = async (...command: readonly string[]): Promise<void> => {
    await run(busybox, ['ip', ...command]);
  };
  try {
    // An address of its own: else the bridge takes its lowest port's, and pods lose their gateway's as others come and go.
    await ip('link', 'add', bridge, 'address', gatewayHardwareAddress(subnet), 'type', 'bridge');
    await ip('addr', 'add', `${gatewayOf(subnet)}/24`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
  } catch (error) {
    throw new LabError(
      'no-network',
      `the bridge ${bridge} could not be made: ${error instanceof Error ? error.message.trim() : String(error)}`,
      'the lab needs a kernel with bridges and CAP_NET_ADMIN in this network namespace',
    );
  }
}

/** What of the machine decides what the pods' network can do. */
export interface NetworkMeans {
  readonly iptables: boolean;
  readonly portmap: boolean;
  readonly forwarding: boolean;
}

/** CNI configuration list of the lab: a bridge network under a name that no other uses, with its own address book. */
export function networkConfiguration(
  { bridge, network, runFolder }: LabPlaces,
  subnet: string,
  means: NetworkMeans,
): string {
  const ipMasq = means.iptables && means.forwarding;
  const routes = [{ dst: '0.0.0.0/0', gw: gatewayOf(subnet) }];
  const ranges = [[{ subnet, gateway: gatewayOf(subnet) }]];
  const ipam = { type: 'host-local', dataDir: `${runFolder}/ipam`, ranges, routes };
  const plugins = [
    { type: 'bridge', bridge, isGateway: false, ipMasq, hairpinMode: true, ipam },
    ...(means.iptables && means.portmap ? [{ type: 'portmap', capabilities: { portMappings: true } }] : []),
  ];
  return JSON.stringify({ cniVersion: '0.4.0', name: network, plugins }, null, 1);
}

/** What pods of this lab cannot do, in sentences. */
export function networkLimits(means: NetworkMeans): readonly string[] {
  const reach = 'pods reach each other and this machine, nothing beyond';
  const masquerade = !means.iptables
    ? [`no iptables on PATH: no masquerading, ${reach}`]
    : means.forwarding
      ? []
      : [`net.ipv4.ip_forward is 0 on this machine and a lab leaves it so: ${reach}`];
  const hostPorts =
    means.iptables && means.portmap ? [] : ['no host ports: they need iptables and the portmap plug-in'];
  return [...masquerade, ...hostPorts];
}
