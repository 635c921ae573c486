import { existsSync } from 'node:fs';
import { connect } from '../cri/client.ts';
import { wellKnownEndpoints } from '../cri/endpoint.ts';
import { UsageError } from '../model/error.ts';
import type { TargetSpec } from '../model/target.ts';
import { oneLine } from './printable.ts';
import type { Shell } from './shell.ts';

/** A socket of this machine on which a CRI server answers. */
export interface AnsweringSocket {
  readonly endpoint: string;
  readonly runtime: string;
}

const answerMs = 2_000;

/** Asks the sockets that runtimes are usually found on. */
export async function answeringSockets(
  signal: AbortSignal,
  endpoints: readonly string[] = wellKnownEndpoints,
): Promise<readonly AnsweringSocket[]> {
  const there = endpoints.filter((endpoint) => existsSync(endpoint.slice('unix://'.length)));
  const asked = there.map(async (endpoint): Promise<AnsweringSocket> => {
    const cri = await connect(endpoint, { connectTimeoutMs: answerMs, signal });
    const { runtimeName, runtimeVersion } = cri.version;
    cri.close();
    return { endpoint, runtime: oneLine(`${runtimeName} ${runtimeVersion}`) };
  });
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/**
 * Chooses targets where none was named: the sockets of this machine that answer, with --yes or the user's consent.
 * @throws UsageError naming what was found
 */
export async function chooseSockets(
  yes: boolean,
  shell: Shell,
  endpoints: readonly string[] = wellKnownEndpoints,
): Promise<readonly string[]> {
  const found = await answeringSockets(shell.signal, endpoints);
  if (found.length === 0) {
    throw new UsageError(
      'no target is named, and no runtime answers on the well-known sockets of this machine',
      'name a target, for example lab:containerd, which starts a private containerd',
    );
  }
  if (yes) return found.map(({ endpoint }) => endpoint);
  if (!shell.interactive) {
    throw new UsageError(
      `no target is named; on this machine these answer: ${found.map(({ endpoint, runtime }) => `${endpoint} (${runtime})`).join(', ')}`,
      'name one of them, or let crible use them all with --yes',
    );
  }
  const chosen: string[] = [];
  for (const { endpoint, runtime } of found) {
    if (await shell.confirm(`Run pods on ${runtime} at ${endpoint}?`)) chosen.push(endpoint);
  }
  if (chosen.length > 0) return chosen;
  throw new UsageError('no target is named, and none was chosen', 'name one, for example lab:containerd');
}

/**
 * Asks once on a terminal before host sockets are used. Without a terminal, naming them is consent enough.
 * @throws UsageError when the user says no
 */
export async function requireConsent(targets: readonly TargetSpec[], yes: boolean, shell: Shell): Promise<void> {
  const hosts = targets
    .map(runtimeOf)
    .filter(({ kind }) => kind === 'endpoint')
    .map(({ text }) => text);
  if (hosts.length === 0 || yes || !shell.interactive) return;
  if (await shell.confirm(`crible will run pods and pull images on ${hosts.join(', ')} and remove them again. Go on?`))
    return;
  throw new UsageError(
    `${hosts.join(', ')}: not used`,
    'answer y, give --yes, or evaluate a private runtime: lab:containerd',
  );
}

/** What is behind all faults of a target. */
function runtimeOf(target: TargetSpec): TargetSpec {
  return target.kind === 'fault' ? runtimeOf(target.behind) : target;
}
