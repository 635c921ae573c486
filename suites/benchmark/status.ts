import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { shellImage } from './steps/pod.ts';
import { times } from './steps/times.ts';

const status = defineWorkload({
  id: 'status',
  title: 'Questions about one thing',
  description:
    'Asks for the runtime’s version and status, and for the status of one pod sandbox, one container and one image, all idle. ' +
    'Good for the floor under everything a kubelet does: the cost of a call that only looks something up. Neither encoding nor ' +
    'decoding is in the latencies; the pod is the only one that this workload makes, so the length of lists is not in it.',
  operations: [
    { name: 'Version', description: 'the cheapest call there is' },
    { name: 'Status', description: 'the conditions of the runtime, as the kubelet asks for them every few seconds' },
    { name: 'PodSandboxStatus', description: 'of a ready pod sandbox' },
    { name: 'ContainerStatus', description: 'of a running container' },
    { name: 'ImageStatus', description: 'of an image that is there, by its name' },
  ],
  primary: 'ContainerStatus',
  profile: 'quick',
  iterations: times(60),
  prepare: async ({ given }) => {
    const image = await given.image(shellImage);
    const pod = await given.podSandbox();
    const { id } = await given.startedContainer(pod, {}, image);
    return { podSandboxId: pod.id, containerId: id, image: image.reference };
  },
  iterate: async ({ call, signal }, { podSandboxId, containerId, image }) => {
    await call('Version', ({ runtime }) => runtime.version({}, { signal }));
    await call('Status', ({ runtime }) => runtime.status({}, { signal }));
    await call('PodSandboxStatus', ({ runtime }) => runtime.podSandboxStatus({ podSandboxId }, { signal }));
    await call('ContainerStatus', ({ runtime }) => runtime.containerStatus({ containerId }, { signal }));
    await call('ImageStatus', (cri) => cri.image.imageStatus({ image: { image } }, { signal }));
  },
});

export const workloads: readonly Workload[] = [status];
