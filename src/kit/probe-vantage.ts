import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { messageOf } from '../model/error.ts';
import type { Feature } from '../model/target.ts';
import { Created } from './created.ts';
import { Given } from './given.ts';
import type { Ledger } from './ledger.ts';
import { readLog } from './log-file.ts';
import { imageVolumesMissing } from './probe-image-volumes.ts';
import { probedStopSignal, stopSignalMissing } from './probe-stop-signal.ts';
import { streamsMissing } from './probe-streams.ts';
import type { TargetContext } from './target-context.ts';

/** What our place beside a target lets us see of its containers, each with what the probe looked at. */
const seen = {
  'pod-lifecycle': 'a pod sandbox with a container was run',
  'host-files': 'its log file was there at the path that was asked for',
  processes: 'a command executed in it saw a kernel process of its own',
  'host-pids': 'its process was there in /proc',
  'host-cgroups': 'its process was in the cgroup that was asked for',
  'host-network': 'its pod address was reachable from here',
  streams: 'the URL of an Exec in it was reachable from here',
  'stop-signal': 'its status named the stop signal that was asked for',
  'image-volumes': 'a container with a mount of an image was created in it',
} as const;
type Vantage = keyof typeof seen;

const watchMs = 3_000;
/** Reserved for documentation (RFC 5737). */
const nobodysNetworks = ['192.0.2', '198.51.100', '203.0.113'] as const;

/**
 * Runs one pod with one container and looks for its traces on this machine: a runtime may live on another one, or in a
 * virtual machine. Everything is removed again.
 */
export async function probeVantage(
  cri: CriClient,
  target: TargetContext,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<readonly Feature[]> {
  const scope = `probe-${randomUUID().slice(0, 8)}`;
  const created = new Created(target, scope);
  // Log directories lie in crible's own folder, which it may always write; whether the runtime writes there is the question.
  const trusting = { ...target, features: [{ name: 'host-files', present: true, detail: 'assumed by the probe' }] };
  const observed = cri.observedBy(created.observe);
  const features = new Map<Vantage, string>();
  try {
    const given = new Given(observed, trusting, ledger, scope, signal);
    await look(observed, given, signal, (vantage, why) => features.set(vantage, why));
  } finally {
    await created.remove(cri);
  }
  return [
    { name: 'root', present: process.getuid?.() === 0, detail: 'the user that crible runs as' },
    ...Object.entries(seen).map(([name, present]) => {
      const why = features.get(name as Vantage);
      return { name, present: why === undefined, detail: why ?? present };
    }),
  ];
}

/** Tells of each vantage that is missing, and why. */
async function look(
  cri: CriClient,
  given: Given,
  signal: AbortSignal,
  missing: (vantage: Vantage, why: string) => void,
): Promise<void> {
  const marker = `crible-probe-${randomUUID()}`;
  let pod, container;
  try {
    pod = await given.podSandbox();
    const command = ['sh', '-c', `echo ${marker}; trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done`];
    container = await given.startedContainer(pod, { command, stopSignal: probedStopSignal });
  } catch (error) {
    for (const vantage of Object.keys(seen) as Vantage[]) missing(vantage, `no pod could be run: ${messageOf(error)}`);
    return;
  }
  const withoutStopSignal = await stopSignalMissing(cri, container.id);
  if (withoutStopSignal !== undefined) missing('stop-signal', withoutStopSignal);
  const withoutImageVolumes = await imageVolumesMissing(given, pod);
  if (withoutImageVolumes !== undefined) missing('image-volumes', withoutImageVolumes);
  const { logPath } = container;
  if (!(await within(watchMs, () => readLog(logPath).some(({ content }) => content.toString() === marker)))) {
    missing('host-files', `no log at ${logPath}`);
  }
  try {
    const { stdout } = await cri.runtime.execSync({
      containerId: container.id,
      cmd: ['cat', '/proc/self/status'],
      timeout: 5n,
    });
    if (!Buffer.from(stdout).includes('CapEff:'))
      missing('processes', 'a command executed in it saw no /proc/self/status');
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    missing('processes', error.message);
  }
  const withoutStreams = await streamsMissing(cri, container.id, signal);
  if (withoutStreams !== undefined) missing('streams', withoutStreams);
  const pid = processWith(marker);
  if (pid === undefined) missing('host-pids', 'its process is not in /proc here');
  const parent = pod.config.linux?.cgroupParent ?? '';
  if (pid === undefined || !cgroupsOf(pid).includes(parent))
    missing('host-cgroups', `no process of it in a cgroup below ${parent} here`);
  const { status } = await cri.runtime.podSandboxStatus({ podSandboxId: pod.id });
  const address = status?.network?.ip ?? '';
  const [ofPod, ofNobody] = await Promise.all([answerOf(address), answerOf(nobodysAddress())]);
  if (ofPod === undefined)
    missing('host-network', address === '' ? 'the pod has no address' : `${address} does not answer`);
  else if (ofPod === ofNobody) missing('host-network', 'something here answers so for addresses that nobody has, too');
}

/** An address beyond this machine's networks: where it answers as the pod's does, a proxy may answer for every address. */
function nobodysAddress(): string {
  const ours = Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address));
  const [first] = nobodysNetworks;
  const network = nobodysNetworks.find((prefix) => !ours.some((address) => address.startsWith(`${prefix}.`)));
  return `${network ?? first}.1`;
}

async function within(ms: number, holds: () => boolean): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

function processWith(marker: string): string | undefined {
  return readdirSync('/proc').find(
    (entry) => /^\d+$/.test(entry) && contentOf(`/proc/${entry}/cmdline`).includes(marker),
  );
}

function cgroupsOf(pid: string): string {
  return contentOf(`/proc/${pid}/cgroup`);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Processes come and go between the listing and the look.
    return '';
  }
}

/** What an address answers on a port where nobody listens; a refusal is an answer, too. */
function answerOf(address: string): Promise<'accepted' | 'refused' | undefined> {
  if (address === '') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connectTcp({ host: address, port: 9, timeout: 500 });
    const settle = (answer: 'accepted' | 'refused' | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => {
      settle('accepted');
    });
    socket.on('timeout', () => {
      settle(undefined);
    });
    socket.on('error', (error) => {
      settle('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : undefined);
    });
  });
}
