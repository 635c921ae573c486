import type { PodSandboxConfig } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { after, answer, request } from '../combinators.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What RunPodSandbox promises. */
export const podSandboxFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-made-twice',
    breaks: 'RunPodSandbox makes one sandbox',
    kills: ['pod-sandbox/list/by-labels#both', 'pod-sandbox/run/same-metadata-twice#one-sandbox'],
    how: after('RunPodSandbox', async ({ config, runtimeHandler }, _, context) => {
      if (config) await runAnother(config, runtimeHandler, context);
    }),
  }),
  fault({
    name: 'pod-sandbox-without-id',
    breaks: 'RunPodSandbox answers an id',
    kills: ['pod-sandbox/run/is-ready-at-once#id-not-empty'],
    how: answer('RunPodSandbox', (ran, { config }) => {
      if (config && isPlain(config)) ran.podSandboxId = '';
    }),
  }),
  fault({
    name: 'pod-sandbox-id-used-again',
    breaks: 'no sandbox has the id of an earlier one, though it has its metadata',
    kills: ['pod-sandbox/run/metadata-is-free-after-removal#new-id'],
    rpcs: ['RunPodSandbox', 'PodSandboxStatus', 'StopPodSandbox', 'RemovePodSandbox'],
    how: () => {
      const firstIds = new Map<string, string>();
      const newIds = new Map<string, string>();
      const real = (asked: { podSandboxId: string }): void => {
        asked.podSandboxId = newIds.get(asked.podSandboxId) ?? asked.podSandboxId;
      };
      return [
        answer('RunPodSandbox', (ran, { config }) => {
          const metadata = metadataOf(config);
          const known = firstIds.get(metadata);
          if (known !== undefined) newIds.set(known, ran.podSandboxId);
          firstIds.set(metadata, known ?? ran.podSandboxId);
          ran.podSandboxId = known ?? ran.podSandboxId;
        }),
        request('PodSandboxStatus', real),
        request('StopPodSandbox', real),
        request('RemovePodSandbox', real),
      ];
    },
  }),
  fault({
    name: 'pod-sandbox-metadata-is-no-key',
    breaks: 'RunPodSandbox with the metadata of a sandbox that is there answers no other sandbox',
    kills: ['pod-sandbox/run/same-metadata-twice#same-sandbox'],
    how: around(
      'RunPodSandbox',
      (next, context) => (asked, call) =>
        next(asked, call).catch(async (error: unknown) => {
          if (asked.config === undefined) throw error;
          return { podSandboxId: await runAnother(asked.config, asked.runtimeHandler, context) };
        }),
    ),
  }),
  fault({
    name: 'pod-sandbox-stopped-by-its-double',
    breaks: 'a RunPodSandbox that is refused leaves the sandbox of that metadata alone',
    kills: ['pod-sandbox/run/same-metadata-twice#first-untouched'],
    rpcs: ['RunPodSandbox'],
    how: () => {
      const ids = new Map<string, string>();
      return around('RunPodSandbox', (next, { client }) => async (asked, call) => {
        const metadata = metadataOf(asked.config);
        const podSandboxId = ids.get(metadata);
        if (podSandboxId !== undefined) await client.runtime.stopPodSandbox({ podSandboxId });
        const ran = await next(asked, call);
        ids.set(metadata, ran.podSandboxId);
        return ran;
      });
    },
  }),
  fault({
    name: 'unknown-runtime-handler-accepted',
    breaks: 'RunPodSandbox refuses a runtime handler that it does not know',
    kills: ['pod-sandbox/run/unknown-runtime-handler#refused'],
    how: around(
      'RunPodSandbox',
      (next) => (asked, call) => next(asked, call).catch(() => next({ ...asked, runtimeHandler: '' }, call)),
    ),
  }),
  fault({
    name: 'refused-pod-sandbox-left-behind',
    breaks: 'a RunPodSandbox that fails leaves no sandbox behind',
    kills: ['pod-sandbox/run/unknown-runtime-handler#nothing-left'],
    how: around(
      'RunPodSandbox',
      (next, context) => (asked, call) =>
        next(asked, call).catch(async (error: unknown) => {
          if (asked.config) await runAnother(asked.config, '', context);
          throw error;
        }),
    ),
  }),
];

/** As most cases want it; those about labels, annotations or attempts add something. */
function isPlain({ labels, annotations, metadata }: PodSandboxConfig): boolean {
  return Object.keys(labels).length <= 6 && Object.keys(annotations).length === 0 && metadata?.attempt === 0;
}

function metadataOf(config: PodSandboxConfig | undefined): string {
  const { name, namespace, uid, attempt } = config?.metadata ?? {};
  return JSON.stringify([name, namespace, uid, attempt]);
}

/** Runs a sandbox of nobody's from the same config; only its attempt is another. */
async function runAnother(
  config: PodSandboxConfig,
  runtimeHandler: string,
  { client, afterwards }: FaultContext,
): Promise<string> {
  const { metadata } = config;
  const { podSandboxId } = await client.runtime.runPodSandbox({
    config: { ...config, ...(metadata && { metadata: { ...metadata, attempt: metadata.attempt + 1000 } }) },
    runtimeHandler,
  });
  afterwards(async () => {
    await client.runtime.stopPodSandbox({ podSandboxId });
    await client.runtime.removePodSandbox({ podSandboxId });
  });
  return podSandboxId;
}
