import { basename, join } from 'node:path';
import { cgroupAt, cgroupOf, textOf, thisMachine, type Cgroup, type Machine } from '../../kit/cgroup-usage.ts';
import { runCgroup } from '../../kit/pod-sandbox-config.ts';
import { processIds, unixSocketOwner } from '../../kit/socket-owner.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import { readProcessCpu } from './process-cpu.ts';

/** What of a target is needed to find its processes and cgroups. */
export type MeteredTarget = Pick<TargetContext, 'endpoint' | 'behind' | 'runId' | 'cgroupDriver' | 'features'>;

/** A long-lived process of a runtime. */
export interface Daemon {
  readonly pid: number;
  readonly startTime: string;
  readonly name: string;
}

/** The processes of a runtime as far as they can be told beforehand; shims and monitors come and go. */
export interface RuntimeProcesses {
  /** The one that answers on the target's socket comes first; behind cri-dockerd stand dockerd and its containerd. */
  readonly daemons: readonly [Daemon, ...Daemon[]];
  /** Sockets of containerd, by which a shim names the containerd that it belongs to. */
  readonly containerdSockets: readonly string[];
  /** containerd's namespace of this runtime's containers. */
  readonly namespace: 'k8s.io' | 'moby';
}

export type FoundRuntime =
  { readonly ok: true; readonly runtime: RuntimeProcesses } | { readonly ok: false; readonly problem: string };

const found = new Map<string, RuntimeProcesses>();

/** Finds the processes behind a target's socket; remembers them for as long as they live. */
export function findRuntime(target: Pick<MeteredTarget, 'endpoint' | 'behind' | 'features'>): FoundRuntime {
  const endpoint = target.behind ?? target.endpoint;
  // Who listens here may be no more than a tunnel to the machine where the runtime is.
  if (!offers(target, 'host-pids')) return { ok: false, problem: `the processes of ${endpoint} are not visible here` };
  const known = found.get(endpoint);
  if (known?.daemons.every(lives)) return { ok: true, runtime: known };
  if (!endpoint.startsWith('unix:')) {
    return { ok: false, problem: `${endpoint} is no unix socket: its server may be on another machine` };
  }
  const runtime = lookForRuntime(endpoint.replace(/^unix:(\/\/)?/, ''));
  if (runtime.ok) found.set(endpoint, runtime.runtime);
  return runtime;
}

export function offers({ features }: Pick<TargetContext, 'features'>, name: string): boolean {
  return features.some((feature) => feature.name === name && feature.present);
}

function lives({ pid, startTime }: Daemon): boolean {
  return readProcessCpu(pid)?.startTime === startTime;
}

/** As `findRuntime`, without a memory. */
export function lookForRuntime(socket: string, proc = '/proc'): FoundRuntime {
  const owner = unixSocketOwner(socket, proc);
  if (!owner.ok) return owner;
  if (owner.pid === process.pid) return { ok: false, problem: `crible itself serves ${socket}` };
  const first = daemonOf(owner.pid, proc);
  if (first === undefined) return { ok: false, problem: `the process that listened on ${socket} has ended` };
  if (first.name !== 'cri-dockerd') {
    return { ok: true, runtime: { daemons: [first], containerdSockets: [socket], namespace: 'k8s.io' } };
  }
  const docker = behind(flag(first.pid, 'docker-endpoint', proc), ['/run/docker.sock'], proc);
  const asked = docker && flag(docker.daemon.pid, 'containerd', proc);
  const containerd = behind(asked, ['/run/docker/containerd/containerd.sock', '/run/containerd/containerd.sock'], proc);
  const more = [docker, containerd].flatMap((layer) => (layer === undefined ? [] : [layer.daemon]));
  const containerdSockets = containerd === undefined ? [] : [containerd.socket];
  return { ok: true, runtime: { daemons: [first, ...more], containerdSockets, namespace: 'moby' } };
}

/** The daemon on the socket that was configured, else on the first of the usual ones that somebody listens on. */
function behind(
  configured: string | undefined,
  usual: readonly string[],
  proc: string,
): { readonly daemon: Daemon; readonly socket: string } | undefined {
  const sockets = configured === undefined ? usual : [configured.replace(/^unix:(\/\/)?/, '')];
  for (const socket of sockets) {
    const owner = unixSocketOwner(socket, proc);
    const daemon = owner.ok ? daemonOf(owner.pid, proc) : undefined;
    if (daemon !== undefined) return { daemon, socket };
  }
  return undefined;
}

function daemonOf(pid: number, proc: string): Daemon | undefined {
  const startTime = readProcessCpu(pid, proc)?.startTime;
  const [program] = commandLine(pid, proc);
  return startTime === undefined || program === undefined ? undefined : { pid, startTime, name: basename(program) };
}

function flag(pid: number, name: string, proc: string): string | undefined {
  return flagOf(commandLine(pid, proc), name);
}

/** Value of an option that is written `-name VALUE`, `--name VALUE` or `--name=VALUE`, as Go programs take them. */
function flagOf(args: readonly string[], name: string): string | undefined {
  const pattern = new RegExp(`^--?${name}(?:=(.*))?$`);
  const index = args.findIndex((arg) => pattern.test(arg));
  return index < 0 ? undefined : (pattern.exec(args[index] ?? '')?.[1] ?? args[index + 1]);
}

/** Empty for kernel threads, zombies and processes that are gone. */
function commandLine(pid: number, proc: string): readonly string[] {
  return (textOf(join(proc, String(pid), 'cmdline')) ?? '').replace(/\0$/, '').split('\0').filter(Boolean);
}

/** The cgroup above those of all pods that crible makes on a target. Pods of the systemd driver are slices below crible.slice. */
export function podsCgroup(
  { runId, cgroupDriver }: Pick<MeteredTarget, 'runId' | 'cgroupDriver'>,
  machine: Machine = thisMachine(),
): Cgroup {
  return cgroupAt(cgroupDriver === 'systemd' ? '/crible.slice' : runCgroup(runId), machine);
}

/** Shims and monitors of the target's containers: processes that outlive the daemon and cost memory for each pod. */
export function monitorsOf(
  runtime: RuntimeProcesses,
  pods: Cgroup,
  machine: Machine = thisMachine(),
): readonly number[] {
  const [{ name }] = runtime.daemons;
  return processIds(machine.proc).filter((pid) => {
    const args = commandLine(pid, machine.proc);
    const program = basename(args[0] ?? '');
    if (/^(docker-)?containerd-shim/.test(program)) {
      const address = flagOf(args, 'address');
      const namespace = flagOf(args, 'namespace');
      if (address === undefined || namespace !== runtime.namespace) return false;
      return runtime.containerdSockets.some((socket) => plain(socket) === plain(address));
    }
    if (!/^conmon(-?rs)?$/.test(program)) return false;
    // Podman's monitors are called the same; CRI-O's are told where CRI-O waits for exits, or live in the pod's cgroup.
    if (name === 'crio' && args.some((arg) => arg.includes('/crio/') || arg.endsWith('/crio'))) return true;
    const folder = cgroupOf(pid, machine)?.cpu?.path;
    return folder !== undefined && pods.cpu !== undefined && folder.startsWith(`${pods.cpu.path}/`);
  });
}

/** /var/run is a link to /run. */
function plain(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/');
}
