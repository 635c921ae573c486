import { ContainerSchema, ContainerState, ContainerStatusSchema, create } from '../cri/messages.ts';
import type { Container as ContainerItem, ContainerFilter, ContainerStatus } from '../cri/messages.ts';
import type { Container } from './container.ts';
import { selects } from './label-selector.ts';
import { signalWithNumber } from './signal-number.ts';

/** What ContainerStatus answers. Times are 0 until they are reached, exit code and reason empty until the container has exited. */
export function containerStatus(container: Container): ContainerStatus {
  const { config, specification, phase } = container;
  const { uid, gid, groups } = specification.surroundings.user;
  const exited = phase.state === 'exited' ? phase : undefined;
  return create(ContainerStatusSchema, {
    ...common(container),
    startedAt: phase.state === 'created' ? 0n : (phase.startedAtNs ?? 0n),
    finishedAt: exited?.finishedAtNs ?? 0n,
    exitCode: exited?.exitCode ?? 0,
    reason: exited?.reason ?? '',
    message: exited?.message ?? '',
    mounts: config.mounts,
    logPath: specification.logPath,
    resources: { linux: container.resources },
    user: { linux: { uid: BigInt(uid), gid: BigInt(gid), supplementalGroups: groups.map(BigInt) } },
    stopSignal: signalWithNumber(specification.stopSignal),
  });
}

/** What ListContainers answers, one of them. */
export function containerItem(container: Container): ContainerItem {
  return create(ContainerSchema, { ...common(container), podSandboxId: container.podSandbox.id });
}

/** All fields of the filter must match; one that is absent or empty matches everything. */
export function matchesContainer(container: Container, filter: ContainerFilter | undefined): boolean {
  if (!filter) return true;
  return (
    (filter.id === '' || filter.id === container.id) &&
    (filter.podSandboxId === '' || filter.podSandboxId === container.podSandbox.id) &&
    (!filter.state || filter.state.state === stateOf(container)) &&
    selects(filter.labelSelector, container.config.labels)
  );
}

function common(container: Container) {
  const { id, metadata, createdAtNs, config, image } = container;
  const { labels, annotations } = config;
  return {
    id,
    metadata,
    state: stateOf(container),
    createdAt: createdAtNs,
    labels,
    annotations,
    image: { image: image.name, userSpecifiedImage: config.image?.userSpecifiedImage ?? '' },
    imageRef: image.reference,
    imageId: image.id,
  };
}

function stateOf({ phase }: Container): ContainerState {
  switch (phase.state) {
    case 'created':
      return ContainerState.CONTAINER_CREATED;
    case 'running':
      return ContainerState.CONTAINER_RUNNING;
    case 'exited':
      return ContainerState.CONTAINER_EXITED;
  }
}
