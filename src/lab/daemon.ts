import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type CriClient } from '../cri/client.ts';
import { ConnectError } from '../cri/connect-error.ts';
import { CriError } from '../cri/error.ts';
import { messageOf } from '../model/error.ts';
import type { ContainerdBinaries } from './binaries.ts';
import { checkAborted, LabError } from './lab-error.ts';
import type { LabPlaces } from './lab-name.ts';
import { labMark } from './lab-process.ts';

/** A containerd that was started, and may or may not serve yet. */
export interface Daemon {
  readonly pid: number;
  readonly logFile: string;
  /** Exit code or signal once it is gone. */
  readonly exited: () => string | undefined;
}

/** Folders that containerd, libcni and crun have wired in: each lab sees one of its own there. */
export const wiredFolders: readonly { readonly path: string; readonly own: string }[] = [
  { path: '/run/containerd', own: 'run-containerd' },
  { path: '/var/lib/cni', own: 'var-lib-cni' },
  // Made by `crun features`, which containerd 1.7 and later ask for without a --root.
  { path: '/run/crun', own: 'run-crun' },
];

/** Configuration of the first NRI, which containerd 1.6 reads wherever it is; later versions have a key for theirs. */
const maskedFolders = ['/etc/nri'];

/**
 * Starts containerd in a session, a cgroup and a mount namespace of its own, with nothing of our environment but what it
 * needs. In the namespace the cgroup2 tree of a hybrid machine is absent (crun runs with pure v1 or pure v2), and what the
 * lab mounts is visible nowhere else and ends with its last process.
 */
export function startDaemon(
  places: LabPlaces,
  binaries: ContainerdBinaries,
  environment: { readonly cgroups: readonly string[]; readonly hybridTree: string | undefined },
): Daemon {
  const busybox = binaries.busybox.path;
  const script = join(places.folder, 'start.sh');
  writeFileSync(script, startScript(places, binaries, environment));
  const logFile = join(places.folder, 'containerd.log');
  const log = openSync(logFile, 'a');
  const child = spawn(busybox, ['unshare', '-m', '--propagation', 'slave', busybox, 'sh', script], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: {
      PATH: [dirname(binaries.shim.path), '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(':'),
      TMPDIR: join(places.folder, 'tmp'),
      ...(binaries.libraryFolders.length > 0 ? { LD_LIBRARY_PATH: binaries.libraryFolders.join(':') } : {}),
      [labMark]: places.folder,
    },
  });
  closeSync(log);
  let exit: string | undefined;
  child.once('error', (error) => (exit = error.message));
  child.once('exit', (code, signal) => (exit = signal ?? `exit code ${String(code)}`));
  child.unref();
  return { pid: child.pid ?? 0, logFile, exited: () => exit };
}

function startScript(
  places: LabPlaces,
  { busybox, containerd }: ContainerdBinaries,
  { cgroups, hybridTree }: { readonly cgroups: readonly string[]; readonly hybridTree: string | undefined },
): string {
  const q = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const bb = q(busybox.path);
  const masked = maskedFolders.filter((path) => existsSync(path)).map((path) => ({ path, own: 'empty' }));
  return [
    'set -e',
    ...cgroups.map((folder) => `echo $$ > ${q(join(folder, 'cgroup.procs'))}`),
    ...(hybridTree === undefined ? [] : [`${bb} umount ${q(hybridTree)}`]),
    ...[...wiredFolders, ...masked].map(
      ({ path, own }) => `${bb} mount -o bind ${q(join(places.runFolder, own))} ${q(path)}`,
    ),
    `exec ${q(containerd.path)} --config ${q(join(places.folder, 'config.toml'))}`,
    '',
  ].join('\n');
}

const pollIntervalMs = 20;

/**
 * Waits until the daemon's CRI says that runtime and network are ready.
 * @returns a client, to be closed by the caller
 * @throws LabError `daemon-exited` or `daemon-not-ready`, with the end of the daemon's log
 */
export async function waitUntilReady(
  daemon: Daemon,
  socket: string,
  { timeoutMs = 20_000, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<CriClient> {
  const until = performance.now() + timeoutMs;
  let state = 'its socket does not exist yet';
  let client: CriClient | undefined;
  while (performance.now() < until) {
    checkAborted(signal, 'waiting for the runtime');
    const exit = daemon.exited();
    if (exit !== undefined) {
      client?.close();
      throw new LabError(
        'daemon-exited',
        `containerd ended at once (${exit}); the end of ${daemon.logFile}:\n${logTail(daemon.logFile)}`,
        'the log says why; `crible lab status` shows what else runs',
      );
    }
    if (existsSync(socket)) {
      try {
        client ??= await connect(`unix://${socket}`, { connectTimeoutMs: 2000, signal });
        const pending = await pendingConditions(client);
        if (pending.length === 0) return client;
        state = pending.join('; ');
      } catch (error) {
        if (!(error instanceof ConnectError || error instanceof CriError)) throw error;
        state = messageOf(error);
      }
    }
    await sleep(pollIntervalMs);
  }
  client?.close();
  throw new LabError(
    'daemon-not-ready',
    `containerd is not ready after ${String(timeoutMs / 1000)} s: ${state}; the end of ${daemon.logFile}:\n${logTail(daemon.logFile)}`,
    'the log says why',
  );
}

/** The two conditions that the kubelet waits for; further ones say nothing about readiness. */
async function pendingConditions(client: CriClient): Promise<readonly string[]> {
  const { status } = await client.runtime.status({}, { deadlineMs: 5000 });
  return ['RuntimeReady', 'NetworkReady'].flatMap((type) => {
    const condition = status?.conditions.find((candidate) => candidate.type === type);
    return condition?.status ? [] : [`${type}: ${condition?.message ?? 'absent'}`];
  });
}

function logTail(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').slice(-12).join('\n');
  } catch {
    return '(no log)';
  }
}
