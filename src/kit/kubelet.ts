import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A kubelet that runs on this machine. */
export interface Kubelet {
  readonly pid: number;
  /** The CRI endpoint that it was told to use; undefined when neither flags nor configuration could be read. */
  readonly endpoint: string | undefined;
}

/**
 * The kubelet that serves an endpoint, found by its process: beside a kubelet our pods are prey, for it stops every ready
 * sandbox that it does not know within seconds. One whose endpoint cannot be told counts as serving this one.
 */
export function findKubelet(endpoint: string): Kubelet | undefined {
  return kubelets().find((kubelet) => kubelet.endpoint === undefined || sameSocket(kubelet.endpoint, endpoint));
}

function kubelets(): readonly Kubelet[] {
  let pids: readonly string[];
  try {
    pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    const args = commandLine(pid);
    return args[0] !== undefined && basename(args[0]) === 'kubelet'
      ? [{ pid: Number(pid), endpoint: endpointOf(pid, args) }]
      : [];
  });
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((arg) => arg !== '');
  } catch {
    // The process ended between the listing and the look.
    return [];
  }
}

/** `--container-runtime-endpoint`, else `containerRuntimeEndpoint` of the file behind `--config`, as the kubelet ranks them. */
function endpointOf(pid: string, args: readonly string[]): string | undefined {
  const flagged = flag(args, 'container-runtime-endpoint');
  if (flagged !== undefined) return flagged;
  const config = flag(args, 'config');
  if (config === undefined) return undefined;
  try {
    // The kubelet may run in a root file system of its own.
    const text = readFileSync(`/proc/${pid}/root${config}`, 'utf8');
    return /^\s*"?containerRuntimeEndpoint"?\s*:\s*"?([^"\s,]+)"?/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function flag(args: readonly string[], name: string): string | undefined {
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  const arg = args[index];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[index + 1];
}

function sameSocket(a: string, b: string): boolean {
  // /var/run is a link to /run on every distribution that a kubelet runs on.
  const plain = (endpoint: string): string => endpoint.replace(/^unix:(\/\/)?/, '').replace(/^\/var\/run\//, '/run/');
  return plain(a) === plain(b);
}
