import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerState } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Container } from '../../src/kit/given.ts';
import { hasFeature } from '../../src/kit/target-context.ts';
import { containerState, containerStatus, listContainers } from './ask.ts';

/** What is told of a container that does not change with its state. */
interface Told {
  readonly status: Readonly<Record<string, unknown>>;
  readonly listed: Readonly<Record<string, unknown>>;
}

/** @param state what the container is in, and what the expectations' keys end with */
async function told(context: CaseContext, { id }: Container, state: string): Promise<Told> {
  const status = await containerStatus(context, id, `status-${state}`);
  const [item] = await listContainers(context, { id }, `list-${state}`);
  const mounts = status.mounts
    .filter(({ containerPath }) => isOurs(containerPath))
    .map(({ containerPath, hostPath, readonly }) => ({ containerPath, hostPath, readonly }))
    .sort((a, b) => (a.containerPath < b.containerPath ? -1 : 1));
  const { metadata, labels, annotations, createdAt, image, imageRef, logPath } = status;
  return {
    status: { metadata, labels, annotations, createdAt, image, imageRef, mounts, logPath },
    listed: {
      metadata: item?.metadata,
      labels: item?.labels,
      annotations: item?.annotations,
      createdAt: item?.createdAt,
      image: item?.image,
      imageRef: item?.imageRef,
      podSandboxId: item?.podSandboxId,
      isIn: item && containerState(item),
    },
  };
}

/** A runtime may have mounts of its own beside them. */
function isOurs(containerPath: string): boolean {
  return containerPath === '/dev/termination-log' || containerPath.startsWith('/mnt/');
}

/** Mounts of a file and of a folder, where there is a host that has them. */
function mountsOn({ given, target }: Pick<CaseContext, 'given' | 'target'>) {
  if (!hasFeature(target, 'host-files')) return [];
  const message = join(given.hostFolder(), 'message');
  writeFileSync(message, '');
  return [
    { containerPath: '/dev/termination-log', hostPath: message },
    { containerPath: '/mnt/own', hostPath: given.hostFolder(), readonly: true },
  ];
}

export const cases = [
  defineCase({
    id: 'container/status/later-states',
    title: 'tells of a container while it runs and when it has exited what it told when it was created',
    level: 'required',
    rpcs: ['ContainerStatus', 'ListContainers'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerStatus, Container: metadata, labels, annotations, image, mounts and log_path are those of the container, whatever its state',
      },
      {
        kind: 'kubelet',
        text: 'reads restart count, termination message and log of containers that have exited by these fields, and removes old ones by the name and attempt that the list has',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const container = await given.container(await given.sharedPodSandbox(), {
        metadata: { attempt: 2 },
        labels: { 'crible.example/label': 'kept' },
        annotations: { 'io.kubernetes.container.restartCount': '2' },
        mounts: mountsOn(context),
      });
      const created = await told(context, container, 'created');
      const { id: containerId } = container;
      await expect.succeeds('start', cri.runtime.startContainer({ containerId }), 'StartContainer');
      const running = await told(context, container, 'running');
      expect.equal('running', running.status, created.status, 'what the status tells while it runs, as before');
      const isRunning = { isIn: ContainerState[ContainerState.CONTAINER_RUNNING] };
      expect.equal<unknown>(
        'listed-running',
        running.listed,
        { ...created.listed, ...isRunning },
        'what the list tells while it runs, its state aside as before',
      );
      await expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 0n }), 'StopContainer');
      const exited = await told(context, container, 'exited');
      expect.equal('exited', exited.status, created.status, 'what the status tells after its end, as before');
      const isExited = { isIn: ContainerState[ContainerState.CONTAINER_EXITED] };
      expect.equal<unknown>(
        'listed-exited',
        exited.listed,
        { ...created.listed, ...isExited },
        'what the list tells after its end, its state aside as before',
      );
    },
  }),
];
