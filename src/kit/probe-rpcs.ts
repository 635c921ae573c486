import type { CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import type { Feature } from '../model/target.ts';

/** No runtime has an object of this id, so that asking for it changes nothing. */
const nobody = '0'.repeat(64);
const probeMs = 5_000;

/** RPCs that not every runtime has, each with a request that changes nothing and tells an absent RPC from one that refuses. */
const optionalRpcs: Readonly<Record<string, (cri: CriClient, options: { deadlineMs: number }) => Promise<unknown>>> = {
  RuntimeConfig: (cri, options) => cri.runtime.runtimeConfig({}, options),
  PodSandboxStats: (cri, options) => cri.runtime.podSandboxStats({ podSandboxId: nobody }, options),
  ListPodSandboxStats: (cri, options) => cri.runtime.listPodSandboxStats({ filter: { id: nobody } }, options),
  UpdatePodSandboxResources: (cri, options) => cri.runtime.updatePodSandboxResources({ podSandboxId: nobody }, options),
  CheckpointContainer: (cri, options) => cri.runtime.checkpointContainer({ containerId: nobody }, options),
  ListMetricDescriptors: (cri, options) => cri.runtime.listMetricDescriptors({}, options),
  ListPodSandboxMetrics: (cri, options) => cri.runtime.listPodSandboxMetrics({}, options),
};

/** One feature `rpc:NAME` for each RPC that a runtime may lack: absent when it answers Unimplemented, whatever its text. */
export async function probeRpcs(cri: CriClient): Promise<readonly Feature[]> {
  return Promise.all(
    Object.entries(optionalRpcs).map(async ([rpc, ask]): Promise<Feature> => {
      const name = `rpc:${rpc}`;
      try {
        await ask(cri, { deadlineMs: probeMs });
        return { name, present: true, detail: 'answered' };
      } catch (error) {
        if (!(error instanceof CriError)) throw error;
        return { name, present: error.code !== 'Unimplemented', detail: `${error.code}: ${error.details}` };
      }
    }),
  );
}
