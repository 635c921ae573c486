import { isIPv6 } from 'node:net';
import { UsageError } from '../model/error.ts';

/** Where a CRI server listens, taken apart. */
export interface Endpoint {
  /** In the spelling that messages use: `unix:///abs/path` or `tcp://host:port`. */
  readonly text: string;
  readonly socket: { readonly path: string } | { readonly host: string; readonly port: number };
}

/** Endpoints that runtimes listen on unless told otherwise. */
export const wellKnownEndpoints = [
  'unix:///run/containerd/containerd.sock',
  'unix:///run/crio/crio.sock',
  'unix:///run/cri-dockerd.sock',
  'unix:///run/k3s/containerd/containerd.sock',
] as const;

/** sockaddr_un has room for 108 bytes, the closing zero among them. */
const maxSocketPathBytes = 107;
const forms = 'an endpoint is unix:///absolute/path.sock or tcp://HOST:PORT';

/**
 * Reads `unix:///abs/path`, `unix:/abs/path`, `/abs/path` or `tcp://host:port` (IPv6 addresses in brackets).
 * @throws UsageError on anything else, and on a socket path too long for the kernel.
 */
export function parseEndpoint(text: string): Endpoint {
  const path = /^(?:unix:(?:\/\/)?)?(?<path>\/[^/].*)$/.exec(text)?.groups?.['path'];
  if (path !== undefined) {
    if (Buffer.byteLength(path) > maxSocketPathBytes) {
      throw new UsageError(
        `the socket path of '${text}' is longer than ${maxSocketPathBytes.toString()} bytes, the kernel's limit`,
        'use a shorter path, for example a symbolic link to its folder',
      );
    }
    return { text: `unix://${path}`, socket: { path } };
  }
  const tcp = /^tcp:\/\/(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^:/[\]]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const host = tcp?.['ipv6'] ?? tcp?.['host'];
  const port = Number(tcp?.['port']);
  if (host !== undefined && port <= 65_535 && (tcp?.['ipv6'] === undefined || isIPv6(host))) {
    return { text, socket: { host, port } };
  }
  throw new UsageError(`'${text}' is not an endpoint`, forms);
}

/** The endpoint as grpc-js spells it. */
export function grpcTarget({ socket }: Endpoint): string {
  if ('path' in socket) return `unix:${socket.path}`;
  return `dns:${hostPort(socket)}`;
}

function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port.toString()}`;
}
