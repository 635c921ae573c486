import type { PulledImage } from '../../src/kit/container-config.ts';
import { defineWorkload, type IterationContext, type Workload } from '../../src/kit/workload.ts';
import { podReadyOperations, removePod, shellImage, startPod } from './steps/pod.ts';

/** Relists a second. The kubelet's own pace is one; at that a round of some seconds would have too few. */
const relistsPerSecond = 10;
const idlePods = 10;
/** Every so many relists a pod comes and goes: at the kubelet's own pace that would be one in 10 s. */
const relistsAPod = 10;
/** Every so many relists the kubelet asks for the runtime's condition and for figures: some 10 s at its own pace. */
const relistsALook = 10;
/** Which of them: not the same for both, and for pods not among those that warm up, so that the last one has time to end. */
const podAt = 3;
const lookAt = 8;

const kubeletShadow = defineWorkload({
  id: 'kubelet-shadow',
  title: 'What a kubelet asks, beside pods that come and go',
  description:
    `Does what a kubelet does all day: relists pods and containers (${String(relistsPerSecond)} times a second, ten times its pace), ` +
    'looks at a pod that has changed, now and then asks for the runtime’s condition and for figures; and meanwhile every ' +
    `${String(relistsAPod)}th relist a pod is started and removed, beside ${String(idlePods)} idle ones. Good for what lists cost ` +
    'when the runtime is busy: the same calls on a quiet runtime are in list and stats, and the difference is what waits for ' +
    'locks. The pace is fixed, so a slow answer does not make for fewer questions.',
  operations: [
    { name: 'Relist', description: 'ListPodSandbox and ListContainers, one after the other, as the kubelet’s relist' },
    { name: 'ListPodSandbox', description: 'all of them' },
    { name: 'ListContainers', description: 'all of them, in every state' },
    { name: 'PodSandboxStatus', description: 'of a pod that has just become ready' },
    { name: 'ContainerStatus', description: 'of its container' },
    { name: 'Status', description: 'the conditions of the runtime' },
    { name: 'ListContainerStats', description: 'CPU, memory and writable layer of all running containers' },
    { name: 'ImageFsInfo', description: 'use of the image store’s file system' },
    ...podReadyOperations,
  ],
  primary: 'Relist',
  loads: () => [{ model: 'open', ratePerSecond: relistsPerSecond, arrival: 'constant', population: idlePods }],
  prepare: ({ given }) => given.image(shellImage),
  beginRound: () => Promise.resolve({ relists: 0 }),
  iterate: async (context, image, begun) => {
    const relist = begun.relists++;
    await Promise.all([
      ask(context, relist % relistsALook === lookAt),
      relist % relistsAPod === podAt ? comeAndGo(context, image) : undefined,
    ]);
  },
});

export const workloads: readonly Workload[] = [kubeletShadow];

/** The kubelet's periodic questions. */
async function ask({ call, span, signal }: IterationContext, look: boolean): Promise<void> {
  await span('Relist', async () => {
    await call('ListPodSandbox', ({ runtime }) => runtime.listPodSandbox({}, { signal }));
    await call('ListContainers', ({ runtime }) => runtime.listContainers({}, { signal }));
  });
  if (!look) return;
  await call('Status', ({ runtime }) => runtime.status({}, { signal }));
  await call('ListContainerStats', ({ runtime }) => runtime.listContainerStats({}, { signal }));
  await call('ImageFsInfo', (cri) => cri.image.imageFsInfo({}, { signal }));
}

/** A pod that is started, looked at because it has changed, and removed. */
async function comeAndGo(context: IterationContext, image: PulledImage): Promise<void> {
  const { call, signal } = context;
  const { id: containerId, pod } = await startPod(context, image);
  await call('PodSandboxStatus', ({ runtime }) => runtime.podSandboxStatus({ podSandboxId: pod.id }, { signal }));
  await call('ContainerStatus', ({ runtime }) => runtime.containerStatus({ containerId }, { signal }));
  await removePod(context, pod);
}
