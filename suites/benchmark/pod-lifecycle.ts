import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { sayReady, watchLog } from './steps/first-line.ts';
import {
  createContainer,
  createStartCaveat,
  gracePeriodSeconds,
  podReadyOperations,
  runPodSandbox,
  shellImage,
  startContainer,
} from './steps/pod.ts';
import { times } from './steps/times.ts';

const podLifecycle = defineWorkload({
  id: 'pod-lifecycle',
  title: 'Life of a pod with one container',
  description:
    'Runs, uses and removes a pod sandbox with one container, one step after the other, as a kubelet does for a pod that is ' +
    'created and deleted. Good for what every pod pays on a node. The image is there beforehand, so no pull is in it; the ' +
    'process ends on TERM at once, so no grace period is in StopContainer; it is stopped only after its first line, so no ' +
    `race with its start is in it either. ${createStartCaveat}: compare PodReady.`,
  operations: [
    ...podReadyOperations,
    {
      name: 'FirstLogLine',
      description: 'from the start of StartContainer until the first line that the process writes is in its log file',
    },
    { name: 'StopContainer', description: 'until a process that ends on TERM at once is known to have ended' },
    { name: 'RemoveContainer', description: 'removal of an exited container' },
    { name: 'StopPodSandbox', description: 'network and pause process of a pod without containers go' },
    { name: 'RemovePodSandbox', description: 'removal of a stopped pod sandbox' },
  ],
  primary: 'PodReady',
  needs: ['host-files'],
  profile: 'quick',
  iterations: times(0.5),
  prepare: ({ given }) => given.image(shellImage),
  iterate: async (context, image) => {
    const { given, call, span, signal } = context;
    const config = given.podSandboxConfig();
    const { pod, container, firstLine } = await span('PodReady', async () => {
      const pod = await runPodSandbox(context, config);
      const container = await createContainer(context, pod, image, { command: sayReady });
      const log = watchLog(container.logPath);
      const started = startContainer(context, container);
      const firstLine = span('FirstLogLine', () => log.firstLine(started, signal));
      // Whoever waits for it does so when PodReady is over; until then a failure has nobody to go to.
      firstLine.catch(() => undefined);
      await started;
      return { pod, container, firstLine };
    });
    await firstLine;
    await call('StopContainer', ({ runtime }) =>
      runtime.stopContainer({ containerId: container.id, timeout: gracePeriodSeconds }, { signal }),
    );
    await call('RemoveContainer', ({ runtime }) => runtime.removeContainer({ containerId: container.id }, { signal }));
    await call('StopPodSandbox', ({ runtime }) => runtime.stopPodSandbox({ podSandboxId: pod.id }, { signal }));
    await call('RemovePodSandbox', ({ runtime }) => runtime.removePodSandbox({ podSandboxId: pod.id }, { signal }));
  },
});

export const workloads: readonly Workload[] = [podLifecycle];
