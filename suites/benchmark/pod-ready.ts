import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { createStartCaveat, podReadyOperations, removePod, shellImage, startPod } from './steps/pod.ts';
import { times } from './steps/times.ts';

const podReady = defineWorkload({
  id: 'pod-ready',
  title: 'A pod with one container becomes ready',
  description:
    'Runs a pod sandbox on the pod network, creates a container in it and starts it; the pod is removed under no clock. Good ' +
    'for how long a scheduled pod waits for its node. The image is there beforehand, the pid namespace is the container’s own ' +
    '(a pod-wide one costs some runtimes a pause process more), and pods that were removed are gone before the next one starts. ' +
    `What the network costs is the difference to pod-ready-hostnet. ${createStartCaveat}: compare PodReady.`,
  operations: [...podReadyOperations],
  primary: 'PodReady',
  profile: 'quick',
  iterations: times(0.5),
  prepare: ({ given }) => given.image(shellImage),
  iterate: async (context, image) => {
    const { pod } = await startPod(context, image);
    await removePod(context, pod);
  },
});

const podReadyHostnet = defineWorkload({
  id: 'pod-ready-hostnet',
  title: 'A pod on the host’s network becomes ready',
  description:
    'As pod-ready, with the network namespace of the node: no CNI plug-in runs. Good for the runtime’s own share of a pod’s ' +
    'start. It controls for the network: plug-ins and their configuration differ between nodes more than runtimes do.',
  operations: [...podReadyOperations],
  primary: 'PodReady',
  iterations: times(0.5),
  prepare: ({ given }) => given.image(shellImage),
  iterate: async (context, image) => {
    const config = context.given.podSandboxConfig({
      // The kubelet sets none for such a pod: the UTS namespace is the node's, too.
      hostname: '',
      linux: { securityContext: { namespaceOptions: { network: NamespaceMode.NODE } } },
    });
    const { pod } = await startPod(context, image, config);
    await removePod(context, pod);
  },
});

export const workloads: readonly Workload[] = [podReady, podReadyHostnet];
