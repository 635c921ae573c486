import {
  create,
  NamespaceOptionSchema,
  PodSandboxSchema,
  PodSandboxState,
  PodSandboxStatusSchema,
} from '../cri/messages.ts';
import type { PodSandbox as PodSandboxItem, PodSandboxFilter, PodSandboxStatus } from '../cri/messages.ts';
import { selects } from './label-selector.ts';
import { namespaceOptions } from './pod-sandboxes.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { sandboxImageName } from './sandbox-image.ts';

/** What PodSandboxStatus answers. */
export function podSandboxStatus(podSandbox: PodSandbox): PodSandboxStatus {
  return create(PodSandboxStatusSchema, {
    ...common(podSandbox),
    network: { ip: podSandbox.address },
    linux: { namespaces: { options: namespaceOptions(podSandbox.config) ?? create(NamespaceOptionSchema) } },
  });
}

/** What PodSandboxStatus adds when asked to be verbose: the only place where the limits of a whole pod show. */
export function podSandboxInfo({ runtimeHandler, config, resources }: PodSandbox): Record<string, string> {
  const info = { runtimeHandler, hostname: config.hostname, image: sandboxImageName, ...resources };
  // Without what only the library wants: $typeName and the like.
  const plain = (key: string, value: unknown): unknown =>
    key.startsWith('$') ? undefined : typeof value === 'bigint' ? String(value) : value;
  return { info: JSON.stringify(info, plain) };
}

/** What ListPodSandbox answers, one of them. */
export function podSandboxItem(podSandbox: PodSandbox): PodSandboxItem {
  return create(PodSandboxSchema, common(podSandbox));
}

/** All fields of the filter must match; one that is absent or empty matches everything. */
export function matchesPodSandbox(podSandbox: PodSandbox, filter: PodSandboxFilter | undefined): boolean {
  if (!filter) return true;
  return (
    (filter.id === '' || filter.id === podSandbox.id) &&
    (!filter.state || filter.state.state === stateOf(podSandbox)) &&
    selects(filter.labelSelector, podSandbox.config.labels)
  );
}

function common(podSandbox: PodSandbox) {
  const { id, metadata, config, createdAtNs, runtimeHandler } = podSandbox;
  const { labels, annotations } = config;
  return { id, metadata, state: stateOf(podSandbox), createdAt: createdAtNs, labels, annotations, runtimeHandler };
}

function stateOf({ state }: PodSandbox): PodSandboxState {
  return state === 'ready' ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY;
}
