import { join } from 'node:path';
import { removePodSandbox } from '../../../src/kit/remove.ts';
import type { PodSandboxConfig } from '../../../src/cri/messages.ts';
import type { ContainerDeviation, PulledImage } from '../../../src/kit/container-config.ts';
import type { Container, PodSandbox } from '../../../src/kit/given.ts';
import type { IterationContext, WorkloadContext } from '../../../src/kit/workload.ts';

/** The image that containers of benchmarks run: there before anything is timed. */
export const shellImage = 'shell:1';

/** What the kubelet gives a container to end, unless its pod says otherwise, in s. */
export const gracePeriodSeconds = 30n;

/** The three calls that make a container of a new pod run, each under its clock, and all of them as `PodReady`. */
export const podReadyOperations = [
  {
    name: 'PodReady',
    description: 'RunPodSandbox, CreateContainer and StartContainer as one span: from nothing to a started container',
  },
  { name: 'RunPodSandbox', description: 'sandbox, network and pause process' },
  { name: 'CreateContainer', description: 'file system and metadata, on CRI-O the OCI container too' },
  { name: 'StartContainer', description: 'the process starts, on containerd the OCI container is made first' },
] as const;

/** Why figures of CreateContainer and StartContainer say little one by one. */
export const createStartCaveat =
  'CreateContainer and StartContainer are not comparable one by one between runtimes that split the work differently ' +
  '(containerd has the OCI runtime create the container in StartContainer, CRI-O in CreateContainer)';

/** RunPodSandbox under its clock. */
export async function runPodSandbox(
  { target, call, signal }: IterationContext,
  config: PodSandboxConfig,
): Promise<PodSandbox> {
  const { podSandboxId } = await call('RunPodSandbox', ({ runtime }) =>
    runtime.runPodSandbox({ config, runtimeHandler: target.handler }, { signal }),
  );
  return { id: podSandboxId, config };
}

/** CreateContainer under its clock. */
export async function createContainer(
  { given, call, signal }: IterationContext,
  pod: PodSandbox,
  image: PulledImage,
  deviation?: ContainerDeviation,
): Promise<Container> {
  const config = await given.containerConfig(pod, deviation, image);
  const { containerId } = await call('CreateContainer', ({ runtime }) =>
    runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }, { signal }),
  );
  return { id: containerId, config, pod, logPath: join(pod.config.logDirectory, config.logPath) };
}

/** StartContainer under its clock. */
export async function startContainer({ call, signal }: IterationContext, { id }: Pick<Container, 'id'>): Promise<void> {
  await call('StartContainer', ({ runtime }) => runtime.startContainer({ containerId: id }, { signal }));
}

/** A pod with one started container that waits for TERM, every call under its clock and `PodReady` over them. */
export async function startPod(
  context: IterationContext,
  image: PulledImage,
  config: PodSandboxConfig = context.given.podSandboxConfig(),
): Promise<Container> {
  return context.span('PodReady', async () => {
    const pod = await runPodSandbox(context, config);
    const container = await createContainer(context, pod, image);
    await startContainer(context, container);
    return container;
  });
}

/**
 * Removes a pod, under no clock.
 * @throws Error when it is not gone then
 */
export async function removePod({ cri, signal }: WorkloadContext, { id }: Pick<PodSandbox, 'id'>): Promise<void> {
  const problems = await removePodSandbox(cri, id, signal);
  if (problems.length > 0) throw new Error(`the pod could not be removed: ${problems.join('; ')}`);
}
