import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import type { CallOptions } from '../cri/service.ts';
import type { Feature } from '../model/target.ts';

/** No runtime has an object of this id, so that asking for it changes nothing. */
const nobody = '0'.repeat(64);
const probeMs = 5_000;
/** A stream of events has no end, and a runtime that sends none refuses it or ends it at once. */
const watchMs = 1_000;

type Ask<T> = (cri: CriClient, options: CallOptions) => T;

/** RPCs that not every runtime has, each with a request that changes nothing and tells an absent RPC from one that refuses. */
const optionalRpcs: Readonly<Record<string, Ask<Promise<unknown>>>> = {
  RuntimeConfig: (cri, options) => cri.runtime.runtimeConfig({}, options),
  PodSandboxStats: (cri, options) => cri.runtime.podSandboxStats({ podSandboxId: nobody }, options),
  ListPodSandboxStats: (cri, options) => cri.runtime.listPodSandboxStats({ filter: { id: nobody } }, options),
  UpdatePodSandboxResources: (cri, options) => cri.runtime.updatePodSandboxResources({ podSandboxId: nobody }, options),
  CheckpointContainer: (cri, options) => cri.runtime.checkpointContainer({ containerId: nobody }, options),
  ListMetricDescriptors: (cri, options) => cri.runtime.listMetricDescriptors({}, options),
  ListPodSandboxMetrics: (cri, options) => cri.runtime.listPodSandboxMetrics({}, options),
};

/** The same of those that answer a list in several messages. */
const listStreams: Readonly<Record<string, Ask<AsyncIterable<unknown>>>> = {
  StreamPodSandboxes: (cri, options) => cri.runtime.streamPodSandboxes({ filter: { id: nobody } }, options),
  StreamContainers: (cri, options) => cri.runtime.streamContainers({ filter: { id: nobody } }, options),
  StreamContainerStats: (cri, options) => cri.runtime.streamContainerStats({ filter: { id: nobody } }, options),
  StreamPodSandboxStats: (cri, options) => cri.runtime.streamPodSandboxStats({ filter: { id: nobody } }, options),
  StreamPodSandboxMetrics: (cri, options) => cri.runtime.streamPodSandboxMetrics({}, options),
  StreamImages: (cri, options) => cri.image.streamImages({}, options),
};

/** One feature `rpc:NAME` for each RPC that a runtime may lack: absent when it answers Unimplemented, whatever its text. */
export async function probeRpcs(cri: CriClient): Promise<readonly Feature[]> {
  const options = { deadlineMs: probeMs };
  return Promise.all([
    ...Object.entries(optionalRpcs).map(([rpc, ask]) => probe(rpc, () => ask(cri, options))),
    ...Object.entries(listStreams).map(([rpc, ask]) => probe(rpc, () => firstOf(ask(cri, options)))),
    probeEvents(cri),
  ]);
}

async function probe(rpc: string, ask: () => Promise<unknown>): Promise<Feature> {
  const name = `rpc:${rpc}`;
  try {
    await ask();
    return { name, present: true, detail: 'answered' };
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return { name, present: error.code !== 'Unimplemented', detail: `${error.code}: ${error.details}` };
  }
}

/** Events can be switched off in a runtime's configuration: the stream ends then without one (CRI-O's enable_pod_events). */
async function probeEvents(cri: CriClient): Promise<Feature> {
  const name = 'rpc:GetContainerEvents';
  try {
    if (await firstOf(cri.runtime.getContainerEvents({}, { deadlineMs: watchMs })))
      return { name, present: true, detail: 'answered' };
    return {
      name,
      present: false,
      detail: 'the stream ended at once without an event, as where events are switched off',
    };
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    if (error.code === 'DeadlineExceeded') return { name, present: true, detail: 'the stream stays open' };
    return { name, present: error.code !== 'Unimplemented', detail: `${error.code}: ${error.details}` };
  }
}

async function firstOf<T>(stream: AsyncIterable<T>): Promise<T | undefined> {
  for await (const message of stream) return message;
  return undefined;
}
