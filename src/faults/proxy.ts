import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../cri/client.ts';
import type { CriClient } from '../cri/client.ts';
import { forwardTo } from '../cri/forward.ts';
import { serve } from '../cri/server.ts';
import type { LastWord } from '../cri/server.ts';
import { removePodSandbox } from '../kit/remove.ts';
import { messageOf } from '../model/error.ts';
import { after, answer } from './combinators.ts';
import type { Break } from './break.ts';
import { prepareFault } from './catalogue.ts';
import type { FaultContext } from './context.ts';
import { breaksOf } from './fault.ts';
import { byName, served } from './rpc.ts';
import { StreamRelay } from './stream-relay.ts';

/** How long the removal of what was made through a proxy may take. */
const sweepMs = 30_000;

/** A fault and the runtime that it is put before. */
export interface ProxyRequest {
  readonly fault: string;
  readonly args: readonly string[];
  readonly endpoint: string;
  readonly imageEndpoint?: string | undefined;
}

/** A CRI server of our own before another one. */
export interface Proxy {
  /** `unix:///…`, both services. */
  readonly endpoint: string;
  /**
   * Stops serving, removes the pod sandboxes that were made through it and are still there, and undoes what its fault leaked.
   * @returns what could not be removed, in sentences
   */
  close(): Promise<readonly string[]>;
}

/**
 * Puts a fault before a runtime.
 * @throws UsageError on an unknown fault or wrong arguments; ConnectError or CriError when the runtime does not answer
 */
export async function startProxy({ fault, args, ...runtime }: ProxyRequest): Promise<Proxy> {
  return await proxyWith(breaksOf(prepareFault(fault, args)), runtime);
}

/**
 * Puts breaks before a runtime: every call is passed on with its deadline, its cancellation and all its fields, in the version of
 * the CRI that the runtime speaks, except for what they break.
 * @throws ConnectError or CriError when the runtime does not answer
 */
export async function proxyWith(
  breaks: readonly Break[],
  { endpoint, imageEndpoint }: Pick<ProxyRequest, 'endpoint' | 'imageEndpoint'>,
): Promise<Proxy> {
  const client = await connect(endpoint, { imageEndpoint });
  const folder = await mkdtemp(join(tmpdir(), 'crible-fault-'));
  const closing = new AbortController();
  const streams = new StreamRelay();
  const undo: (() => void | Promise<void>)[] = [];
  const podSandboxes = new Set<string>();
  const { signal } = closing;
  setMaxListeners(0, signal);
  const die = (backAfterMs?: number): void => {
    server.die();
    if (backAfterMs === undefined) return;
    // A proxy that is closed in the meantime stays closed.
    pause(backAfterMs, undefined, { signal })
      .then(() => server.comeBack())
      .catch(() => undefined);
  };
  const context: FaultContext = { client, folder, signal, afterwards: (one) => undo.push(one), die, streams };
  const parts = [...remembering(podSandboxes), ...relayed, ...breaks];
  const handlers = parts.reduce((made, { wrap }) => wrap(made, context), byName(forwardTo(client)));
  const lastWords = parts.flatMap(({ lastWord }) => lastWord ?? []);
  const lastWord: LastWord = (rpc, bytes) => lastWords.reduce((made, last) => last(rpc, made), bytes);
  const server = await serve(
    `unix://${join(folder, 'cri.sock')}`,
    served(handlers),
    [client.apiVersion],
    lastWord,
  ).catch(async (error: unknown) => {
    client.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    endpoint: server.endpoint,
    close: async () => {
      closing.abort();
      server.close();
      streams.close();
      const problems = [...(await undone(undo)), ...(await removed(client, podSandboxes))];
      client.close();
      await rm(folder, { recursive: true, force: true });
      return problems;
    },
  };
}

/** Remembers the pod sandboxes that are made and not removed. */
function remembering(podSandboxes: Set<string>): readonly Break[] {
  return [
    after('RunPodSandbox', (_, { podSandboxId }) => void podSandboxes.add(podSandboxId)),
    after('RemovePodSandbox', ({ podSandboxId }) => void podSandboxes.delete(podSandboxId)),
  ];
}

const relayed: readonly Break[] = (['Exec', 'Attach', 'PortForward'] as const).map((rpc) =>
  answer(rpc, async (answered, _, { streams }) => {
    if (URL.canParse(answered.url)) answered.url = await streams.through(rpc, answered.url);
  }),
);

async function undone(undo: readonly (() => void | Promise<void>)[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const one of undo.toReversed()) {
    try {
      await one();
    } catch (error) {
      problems.push(`what a fault left: ${messageOf(error)}`);
    }
  }
  return problems;
}

async function removed(client: CriClient, podSandboxes: ReadonlySet<string>): Promise<readonly string[]> {
  const removals = await Promise.allSettled(
    [...podSandboxes].map((id) => removePodSandbox(client, id, AbortSignal.timeout(sweepMs))),
  );
  return removals.flatMap((removal) => (removal.status === 'fulfilled' ? removal.value : [messageOf(removal.reason)]));
}
