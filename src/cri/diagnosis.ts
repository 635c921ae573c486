import { existsSync, statSync } from 'node:fs';
import { ConnectError } from './connect-error.ts';
import { wellKnownEndpoints } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { CriError } from './error.ts';
import { look } from './probe.ts';

const lookMs = 1000;

/**
 * What to tell the user when a first call went wrong: a ConnectError when the connection is to blame, else the error
 * itself, which is then the runtime's own answer.
 */
export async function explain(endpoint: Endpoint, error: CriError, waitedMs: number): Promise<Error> {
  if (isPlainHttp(error)) {
    return notGrpc(endpoint, `speaks HTTP/2 but not gRPC (${error.details})`, error);
  }
  if (error.code !== 'Unavailable' && error.code !== 'DeadlineExceeded') return error;

  const sighting = await look(endpoint, lookMs);
  switch (sighting.seen) {
    case 'refused':
      return refused(endpoint, sighting.errno, error);
    case 'other':
      return notGrpc(endpoint, describe(sighting.bytes), error);
    case 'silence':
      return late(endpoint, 'accepts connections but says nothing on them', waitedMs, error);
    case 'http2':
      if (error.code === 'Unavailable') return error;
      return late(endpoint, `speaks HTTP/2 but did not answer ${error.rpc}`, waitedMs, error);
  }
}

/** Whether grpc-js made the error of an HTTP status, because the answer was not gRPC's. */
export function isPlainHttp({ details }: CriError): boolean {
  return details.startsWith('Received HTTP status code');
}

/** Neither version of the CRI is served, but containerd's own services are: its CRI plug-in is off or failed to load. */
export function criDisabled(endpoint: Endpoint, containerdVersion: string, cause: Error): ConnectError {
  return new ConnectError(
    'cri-disabled',
    endpoint.text,
    `containerd ${containerdVersion} answers here, but its CRI plug-in is disabled`,
    'the usual cause is the line disabled_plugins = ["cri"] (or "io.containerd.grpc.v1.cri") in /etc/containerd/config.toml, which Docker\'s containerd.io package ships: take it out and restart containerd; else look for an error of the cri plug-in in its log',
    { cause },
  );
}

/** A gRPC server without the CRI. */
export function noCri(endpoint: Endpoint, cause: CriError): ConnectError {
  return new ConnectError(
    'no-cri',
    endpoint.text,
    `a gRPC server answers here, but it serves neither runtime.v1 nor runtime.v1alpha2 of the CRI (${cause.details})`,
    `give the endpoint of a container runtime; ${wellKnownHere(endpoint)}`,
    { cause },
  );
}

function refused(endpoint: Endpoint, errno: string, cause: Error): ConnectError {
  const { text, socket } = endpoint;
  const tell = (kind: ConnectError['kind'], found: string, advice: string): ConnectError =>
    new ConnectError(kind, text, found, advice, { cause });
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENOTFOUND':
      return tell(
        'missing-socket',
        'path' in socket ? 'there is no such socket' : 'there is no such host',
        `start the runtime (for example systemctl start containerd) or give its endpoint; ${wellKnownHere(endpoint)}`,
      );
    case 'EACCES':
    case 'EPERM':
      return tell(
        'permission-denied',
        'this user may not connect to the socket',
        "run as root (sudo), or as a member of the socket's group",
      );
    case 'ETIMEDOUT':
      return tell('timeout', 'connecting timed out', 'check the address and the firewall');
    default:
      return tell('nobody-listening', nobody(endpoint, errno), 'start the runtime, or restart it if it died');
  }
}

function nobody({ socket }: Endpoint, errno: string): string {
  if (!('path' in socket)) return `nobody listens on this port (${errno})`;
  if (statSync(socket.path, { throwIfNoEntry: false })?.isSocket() === false)
    return `this file is not a socket (${errno})`;
  return `the socket file exists but nobody listens on it (${errno}): left behind by a runtime that is gone`;
}

function notGrpc(endpoint: Endpoint, found: string, cause: Error): ConnectError {
  const docker = 'path' in endpoint.socket && endpoint.socket.path.endsWith('docker.sock');
  return new ConnectError(
    'not-grpc',
    endpoint.text,
    `the server here ${found}`,
    docker
      ? "this is Docker's API; its CRI is served by cri-dockerd, usually at unix:///run/cri-dockerd.sock"
      : `give the endpoint of the CRI; ${wellKnownHere(endpoint)}`,
    { cause },
  );
}

function late(endpoint: Endpoint, found: string, waitedMs: number, cause: Error): ConnectError {
  return new ConnectError(
    'timeout',
    endpoint.text,
    `the server ${found} within ${(waitedMs / 1000).toString()} s`,
    'it may be starting, overloaded or hung: look at its log, restart it, and try again',
    { cause },
  );
}

function describe(bytes: Buffer): string {
  if (bytes.length === 0) return 'hangs up on a gRPC client without a word';
  if (bytes.toString('latin1').startsWith('HTTP/1.')) return 'speaks HTTP/1, not gRPC';
  if (bytes[0] === 0x15 && bytes[1] === 3) return 'wants TLS, which the CRI does not use';
  return `speaks something that is not gRPC (it begins with the bytes ${bytes.subarray(0, 16).toString('hex')})`;
}

function wellKnownHere({ text }: Endpoint): string {
  const others = wellKnownEndpoints.filter((known) => known !== text && existsSync(known.slice('unix://'.length)));
  return others.length > 0
    ? `sockets of runtimes on this machine: ${others.join(', ')}`
    : 'no socket of a well-known runtime is on this machine';
}
