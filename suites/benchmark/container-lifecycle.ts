import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { sayReady, watchLog } from './steps/first-line.ts';
import { createContainer, createStartCaveat, gracePeriodSeconds, shellImage, startContainer } from './steps/pod.ts';

const containerLifecycle = defineWorkload({
  id: 'container-lifecycle',
  title: 'Life of a container in a pod that is there',
  description:
    'Creates, starts, stops and removes a container, again and again in one pod sandbox, as a kubelet does when a container is ' +
    'restarted. Good for what a container costs beside what its pod costs: neither sandbox nor network is in it. The process ' +
    'ends on TERM at once and is stopped only after its first line, so neither a grace period nor a race with its start is in ' +
    `StopContainer. ${createStartCaveat}: compare ContainerReady.`,
  operations: [
    { name: 'ContainerReady', description: 'CreateContainer and StartContainer as one span' },
    { name: 'CreateContainer', description: 'file system and metadata, on CRI-O the OCI container too' },
    { name: 'StartContainer', description: 'the process starts, on containerd the OCI container is made first' },
    { name: 'StopContainer', description: 'until a process that ends on TERM at once is known to have ended' },
    { name: 'RemoveContainer', description: 'removal of an exited container' },
  ],
  primary: 'ContainerReady',
  needs: ['host-files'],
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ given }) => given.podSandbox(),
  iterate: async (context, image, pod) => {
    const { span, call, signal } = context;
    const { containerId, line } = await span('ContainerReady', async () => {
      const container = await createContainer(context, pod, image, { command: sayReady });
      const log = watchLog(container.logPath);
      const started = startContainer(context, container);
      const line = log.firstLine(started, signal);
      line.catch(() => undefined);
      await started;
      return { containerId: container.id, line };
    });
    await line;
    await call('StopContainer', ({ runtime }) =>
      runtime.stopContainer({ containerId, timeout: gracePeriodSeconds }, { signal }),
    );
    await call('RemoveContainer', ({ runtime }) => runtime.removeContainer({ containerId }, { signal }));
  },
});

const stopOnTerm = defineWorkload({
  id: 'stop-on-term',
  title: 'Stop of a process that ends on TERM',
  description:
    'Stops a container whose process has set its trap, which was asked of it, and ends on TERM at once. Good for what a rolling ' +
    'update pays for each container, beyond the time that the program itself takes. The grace period is not in it: a `sleep` as ' +
    'PID 1 ignores TERM, and a stop of it measures the grace period instead of the runtime.',
  operations: [
    { name: 'StopContainer', description: 'from the request until the runtime knows that the process has ended' },
  ],
  primary: 'StopContainer',
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ given }) => given.podSandbox(),
  iterate: async ({ given, cri, call, signal }, image, pod) => {
    const { id: containerId } = await given.readyContainer(pod, "trap 'exit 0' TERM", {}, image);
    await call('StopContainer', ({ runtime }) =>
      runtime.stopContainer({ containerId, timeout: gracePeriodSeconds }, { signal }),
    );
    await cri.runtime.removeContainer({ containerId }, { signal });
  },
});

export const workloads: readonly Workload[] = [containerLifecycle, stopOnTerm];
