import type { ServiceHandlers } from '../cri/handler.ts';
import { CgroupDriver } from '../cri/messages.ts';
import type { RuntimeService } from '../cri/messages.ts';
import { runtimeHandlers } from './pod-sandboxes.ts';
import { promised } from './promised.ts';
import { sandboxImageName } from './sandbox-image.ts';

export const runtimeName = 'crible-simulator';
/** Of the simulator's behaviour, as a client sees it. */
export const runtimeVersion = '1.0.0';

/** The RPCs about the runtime as a whole. It is ready as long as it answers. */
export function nodeHandlers(): ServiceHandlers<typeof RuntimeService> {
  return {
    version: promised((_, { apiVersion }) => ({
      // Of the kubelet's runtime API, which never had another one.
      version: '0.1.0',
      runtimeName,
      runtimeVersion,
      runtimeApiVersion: apiVersion,
    })),

    status: promised(({ verbose }) => ({
      status: {
        conditions: [
          { type: 'RuntimeReady', status: true },
          { type: 'NetworkReady', status: true },
        ],
      },
      info: verbose ? { config: JSON.stringify({ sandboxImage: sandboxImageName, runtimeHandlers }) } : {},
      runtimeHandlers: runtimeHandlers.map((name) => ({
        name,
        features: { recursiveReadOnlyMounts: true, userNamespaces: true },
      })),
      features: { supplementalGroupsPolicy: true },
    })),

    runtimeConfig: promised(() => ({ linux: { cgroupDriver: CgroupDriver.CGROUPFS } })),

    // The range of the pods' addresses is fixed: nothing can be reached at them.
    updateRuntimeConfig: promised(() => ({})),
  };
}
