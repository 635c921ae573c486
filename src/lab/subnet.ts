import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { LabError } from './lab-error.ts';

/** An IPv4 network: its address as a 32-bit number and the length of its prefix. */
interface Network {
  readonly address: number;
  readonly prefixLength: number;
}

/** Candidates are the /24 networks of this one: private, and away from the usual choices of clouds and clusters. */
const range: Network = { address: numberOf('10.192.0.0'), prefixLength: 11 };
const candidateCount = 1 << (24 - range.prefixLength);

/**
 * A /24 that this machine has no address in, no route to (but the default one) and no name server in.
 * @param seed chooses where to begin, so that labs seldom meet
 */
export function chooseSubnet(taken: readonly Network[], seed: number): string {
  for (let attempt = 0; attempt < candidateCount; attempt += 1) {
    const candidate = { address: range.address + ((seed + attempt) % candidateCount) * 256, prefixLength: 24 };
    if (!taken.some((network) => overlap(network, candidate))) return `${dotted(candidate.address)}/24`;
  }
  throw new LabError('no-network', 'no free /24 network in 10.192.0.0/11 on this machine', 'remove unused routes');
}

/** Networks that this machine uses: connected and routed ones, and those of its name servers. */
export function takenNetworks(
  routeTable = textOf('/proc/net/route'),
  resolvConf = textOf('/etc/resolv.conf'),
): readonly Network[] {
  const routes = routeTable
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .map(([, destination = '', , , , , , mask = '']) => ({
      address: fromLittleEndian(destination),
      prefixLength: onesIn(fromLittleEndian(mask)),
    }));
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.filter(({ family }) => family === 'IPv4').map(({ cidr }) => parseNetwork(cidr ?? '')),
  );
  const servers = [...resolvConf.matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)/gm)].map(([, server = '']) =>
    parseNetwork(`${server}/32`),
  );
  return [...routes, ...addresses, ...servers].filter(({ prefixLength }) => prefixLength > 0);
}

/** The first address of a subnet: the bridge's own, and the pods' gateway. */
export function gatewayOf(subnet: string): string {
  return dotted(parseNetwork(subnet).address + 1);
}

/** A locally administered hardware address for the bridge, as unique as its IPv4 address. */
export function gatewayHardwareAddress(subnet: string): string {
  const hex = (parseNetwork(subnet).address + 1).toString(16).padStart(8, '0');
  return ['0a', '58', ...(hex.match(/../g) ?? [])].join(':');
}

export function parseNetwork(cidr: string): Network {
  const [address = '', length = ''] = cidr.split('/');
  const prefixLength = Number(length);
  return { address: masked(numberOf(address), prefixLength), prefixLength };
}

function overlap(a: Network, b: Network): boolean {
  const shorter = Math.min(a.prefixLength, b.prefixLength);
  return masked(a.address, shorter) === masked(b.address, shorter);
}

function masked(address: number, prefixLength: number): number {
  const size = 2 ** (32 - prefixLength);
  return Math.floor(address / size) * size;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** /proc/net/route has addresses as hexadecimal words in the byte order of the machine. */
function fromLittleEndian(word: string): number {
  return parseInt((word.match(/../g) ?? []).reverse().join('') || '0', 16);
}

function onesIn(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
