import { connect } from '../../cri/client.ts';
import type { CriClient } from '../../cri/client.ts';
import { CriError } from '../../cri/error.ts';
import { findKubelet } from '../../kit/kubelet.ts';
import { probeTarget } from '../../kit/probe.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import { LabError } from '../../lab/lab-error.ts';
import type { LabProblem } from '../../lab/lab-error.ts';
import { messageOf, TargetError, UsageError } from '../../model/error.ts';
import type { EventListener } from '../../model/event.ts';
import { parseTarget } from '../../model/target.ts';
import type { Target, TargetSpec } from '../../model/target.ts';
import type { Opened, Provisions } from './provisions.ts';
import { requireImages } from './require-images.ts';
import type { RunRequest } from './request.ts';

export interface OpenOptions {
  readonly runId: string;
  readonly hostId: string;
  readonly request: RunRequest;
  readonly provisions: Provisions;
  readonly emit: EventListener;
  readonly signal: AbortSignal;
}

/** A target that answered and was probed. */
export interface ReadyTarget {
  readonly opened: Opened;
  readonly context: TargetContext;
}

/** Why a machine cannot run a lab at all, whatever is done about it in this run. */
const unfit: readonly LabProblem[] = ['not-linux', 'not-root', 'no-binaries'];

/**
 * Starts what must be started for each target, or nothing but the simulator where this machine cannot run a lab and the
 * user wants that. A target that cannot be had is told of and left out.
 */
export async function openTargets(specs: readonly TargetSpec[], options: OpenOptions): Promise<readonly Opened[]> {
  const { provisions, request, emit, signal } = options;
  const opened: Opened[] = [];
  for (const spec of specs) {
    signal.throwIfAborted();
    try {
      opened.push(await provisions.open(spec));
    } catch (error) {
      if (!(error instanceof TargetError) || signal.aborted) throw error;
      if (request.orSimulator && error instanceof LabError && unfit.includes(error.kind)) {
        const message = `this machine cannot run ${spec.text} (${error.message}), so crible's own simulator was evaluated instead: nothing here is about a real runtime`;
        emit({ type: 'warned', warning: { kind: 'simulator-instead-of-runtime', message } });
        return [await provisions.open(parseTarget('sim:'))];
      }
      emit({ type: 'target-probed', target: unreachable(spec, options.hostId, error) });
    }
  }
  return opened;
}

/**
 * Connects to what was opened and finds out what it is and offers.
 * @throws UsageError when a kubelet serves it, or it has no such handler, or cannot pull the fixture images
 */
export async function probeTargets(opened: readonly Opened[], options: OpenOptions): Promise<readonly ReadyTarget[]> {
  const ready: ReadyTarget[] = [];
  for (const target of opened) {
    options.signal.throwIfAborted();
    const besideKubelet = requireNoKubelet(target, options.request.withKubelet);
    try {
      ready.push({ opened: target, context: await probe(target, besideKubelet, options) });
    } catch (error) {
      if (!(error instanceof TargetError || error instanceof CriError) || options.signal.aborted) throw error;
      const { name, spec: text, endpoint, handler } = target;
      const spec = { name, text, endpoint, handler };
      options.emit({ type: 'target-probed', target: unreachable(spec, options.hostId, error) });
    }
  }
  return ready;
}

async function probe(opened: Opened, besideKubelet: boolean, options: OpenOptions): Promise<TargetContext> {
  const { request, runId, hostId, emit, signal } = options;
  const { name, spec, endpoint, imageEndpoint, behind, handler, images, known } = opened;
  const callTimeoutMs = request.callTimeout;
  const cri = await connect(endpoint, { imageEndpoint, callTimeoutMs, signal });
  try {
    if (opened.outlivesRun) await requireImages(cri, opened, runId, signal);
    const { target, context } = await probeTarget(cri, {
      ...{ runId, name, spec, hostId, behind, handler, images, callTimeoutMs, besideKubelet, known, signal },
      pageCacheDropped: request.benchmarks?.dropCaches ?? false,
    });
    emit({ type: 'target-probed', target });
    warnOfCompany(context, besideKubelet, emit);
    return context;
  } finally {
    cri.close();
  }
}

/**
 * Beside a kubelet every pod of ours is prey within seconds.
 * @returns whether a kubelet is there and the user wants to go on beside it
 * @throws UsageError when one is there otherwise
 */
export function requireNoKubelet(opened: Opened, withKubelet: boolean): boolean {
  const { name, ofTheHost } = opened;
  const endpoint = opened.behind ?? opened.endpoint;
  const kubelet = ofTheHost ? findKubelet(endpoint) : undefined;
  if (!kubelet) return false;
  if (withKubelet) return true;
  throw new UsageError(
    `${name}: a kubelet (process ${String(kubelet.pid)}) serves ${endpoint} and would stop crible's pods within seconds`,
    'drain the node and stop it for the time of the run: systemctl stop kubelet; or go on beside it with --with-kubelet, which marks every result as disturbed',
  );
}

function warnOfCompany({ name, foreignClients }: TargetContext, besideKubelet: boolean, emit: EventListener): void {
  if (besideKubelet) {
    const message =
      'a kubelet was at work on this runtime: it may have stopped pods of crible, and figures include its load';
    emit({ type: 'warned', warning: { kind: 'kubelet-present', target: name, message } });
  } else if (foreignClients) {
    const message = 'pods that are not of crible were there: figures include what they cost the runtime';
    emit({ type: 'warned', warning: { kind: 'foreign-pods', target: name, message } });
  }
}

type Named = Pick<TargetSpec, 'name' | 'text'> & { readonly endpoint?: string; readonly handler?: string };

function unreachable({ name, text, endpoint = text, handler = '' }: Named, hostId: string, error: unknown): Target {
  return {
    ...{
      name,
      spec: text,
      hostId,
      endpoint,
      handler,
      state: 'unreachable',
      problem: messageOf(error),
      disturbed: false,
    },
    ...{
      runtimeName: '',
      runtimeVersion: '',
      apiVersion: '',
      features: [],
      configuration: {},
      binaries: [],
      limits: [],
    },
  };
}

/** Asks a target in a connection of its own. */
export async function withTarget<T>(
  opened: Opened,
  signal: AbortSignal,
  ask: (cri: CriClient) => Promise<T>,
): Promise<T> {
  const { endpoint, imageEndpoint } = opened;
  const cri = await connect(endpoint, { imageEndpoint, signal });
  try {
    return await ask(cri);
  } finally {
    cri.close();
  }
}
