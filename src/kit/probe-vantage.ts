import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { messageOf } from '../model/error.ts';
import type { Feature } from '../model/target.ts';
import { Created } from './created.ts';
import { Given } from './given.ts';
import type { Ledger } from './ledger.ts';
import { readLog } from './log-file.ts';
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
} as const;
type Vantage = keyof typeof seen;

const watchMs = 3_000;
/** Reserved for documentation (RFC 5737, TEST-NET-1): where it answers, a proxy answers for every address, the pod's too. */
const nobodysAddress = '192.0.2.1';

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
    container = await given.startedContainer(pod, { command });
  } catch (error) {
    for (const vantage of Object.keys(seen) as Vantage[]) missing(vantage, `no pod could be run: ${messageOf(error)}`);
    return;
  }
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
  const [podAnswers, nobodyAnswers] = await Promise.all([reachable(address), reachable(nobodysAddress)]);
  if (!podAnswers) missing('host-network', address === '' ? 'the pod has no address' : `${address} does not answer`);
  else if (nobodyAnswers) missing('host-network', 'something here answers for addresses that nobody has');
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

/** Whether an address answers at all: nobody listens on the port, and a refusal is an answer. */
function reachable(address: string): Promise<boolean> {
  if (address === '') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connectTcp({ host: address, port: 9, timeout: 500 });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => {
      settle(true);
    });
    socket.on('timeout', () => {
      settle(false);
    });
    socket.on('error', (error) => {
      settle('code' in error && error.code === 'ECONNREFUSED');
    });
  });
}
