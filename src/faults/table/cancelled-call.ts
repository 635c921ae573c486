import { StatusError } from '../../cri/handler.ts';
import type { CallContext } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { RequestOf } from '../rpc.ts';

/** What a call promises that was cancelled, to the client that tries again. */
export const cancelledCallFaults: readonly Fault[] = [
  fault({
    name: 'cancelled-pod-keeps-its-name',
    breaks: 'the metadata of a pod whose RunPodSandbox was cancelled can be used again',
    kills: ['pod-sandbox/run/cancelled#in-the-end'],
    rpcs: ['RunPodSandbox'],
    how: () => refusing('RunPodSandbox', ({ config }) => config?.metadata?.uid),
  }),
  fault({
    name: 'cancelled-pod-is-run-all-the-same',
    breaks: 'a RunPodSandbox that was cancelled and tried again makes one sandbox',
    kills: ['pod-sandbox/run/cancelled#ready-alone'],
    rpcs: ['RunPodSandbox'],
    how: () => {
      const cancelled = new Set<string>();
      return around('RunPodSandbox', (next, { client, afterwards }) => async (asked, call) => {
        const { config, runtimeHandler } = asked;
        const { metadata } = config ?? {};
        const uid = metadata?.uid ?? '';
        noting(cancelled, uid, call);
        const made = await next(asked, call);
        if (config && metadata && cancelled.has(uid)) {
          const again = { ...config, metadata: { ...metadata, attempt: metadata.attempt + 1000 } };
          const { podSandboxId } = await client.runtime.runPodSandbox({ config: again, runtimeHandler });
          afterwards(async () => {
            await client.runtime.stopPodSandbox({ podSandboxId });
            await client.runtime.removePodSandbox({ podSandboxId });
          });
        }
        return made;
      });
    },
  }),
  fault({
    name: 'cancelled-container-keeps-its-name',
    breaks: 'the metadata of a container whose CreateContainer was cancelled can be used again',
    kills: ['container/create/cancelled#in-the-end'],
    rpcs: ['CreateContainer'],
    how: () =>
      refusing('CreateContainer', ({ podSandboxId, config }) => `${podSandboxId} ${config?.metadata?.name ?? ''}`),
  }),
  fault({
    name: 'cancelled-container-is-created-all-the-same',
    breaks: 'a CreateContainer that was cancelled and tried again makes one container',
    kills: ['container/create/cancelled#running-alone'],
    rpcs: ['CreateContainer'],
    how: () => {
      const cancelled = new Set<string>();
      return around('CreateContainer', (next, { client }) => async (asked, call) => {
        const { config, podSandboxId, sandboxConfig } = asked;
        const { metadata } = config ?? {};
        const key = `${podSandboxId} ${metadata?.name ?? ''}`;
        noting(cancelled, key, call);
        const made = await next(asked, call);
        if (config && metadata && sandboxConfig && cancelled.has(key)) {
          const again = { ...config, metadata: { ...metadata, attempt: metadata.attempt + 1000 } };
          await client.runtime.createContainer({ podSandboxId, config: again, sandboxConfig });
        }
        return made;
      });
    },
  }),
  fault({
    name: 'list-of-pod-sandboxes-by-name-refused',
    breaks: 'ListPodSandbox answers a filter by the name of a pod',
    kills: ['pod-sandbox/run/cancelled#list'],
    how: refuses(
      'ListPodSandbox',
      'Internal',
      ({ filter }) => filter?.labelSelector['io.kubernetes.pod.name'] !== undefined,
    ),
  }),
  fault({
    name: 'list-of-containers-by-name-refused',
    breaks: 'ListContainers answers a filter by the name of a container alone',
    kills: ['container/create/cancelled#list'],
    how: refuses('ListContainers', 'Internal', ({ filter }) => {
      const byName = filter?.labelSelector['io.kubernetes.container.name'] !== undefined;
      return byName && filter.podSandboxId === '';
    }),
  }),
];

/** Refuses everything about an object of which a call was cancelled. */
function refusing<R extends 'RunPodSandbox' | 'CreateContainer'>(
  rpc: R,
  keyOf: (request: RequestOf<R>) => string | undefined,
): Break {
  const cancelled = new Set<string>();
  return around<R>(rpc, (next) => async (asked, call) => {
    const key = keyOf(asked) ?? '';
    if (cancelled.has(key)) throw new StatusError('AlreadyExists', `the name of ${key} is reserved`);
    noting(cancelled, key, call);
    return next(asked, call);
  });
}

function noting(cancelled: Set<string>, key: string, { signal }: CallContext): void {
  signal.addEventListener('abort', () => cancelled.add(key), { once: true });
}
