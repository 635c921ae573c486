import { readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PodSandboxConfig } from '../../src/cri/messages.ts';
import type { PulledImage } from '../../src/kit/container-config.ts';
import type { IterationContext, Workload } from '../../src/kit/workload.ts';

/** Says a line once it is ready to end, and ends with exit code 0 as soon as TERM comes. */
const command = ['sh', '-c', "trap 'exit 0' TERM; echo ready; while :; do sleep 3600 & wait $!; done"];

/** What the kubelet gives a container to end, unless its pod says otherwise, in s. */
const gracePeriodSeconds = 30n;

const imageName = 'shell:1';

/** Longer than any start takes that is worth a figure. */
const logTimeoutMs = 10_000;

/** In case the file system tells nothing of a change, as through a symbolic link into another folder. */
const pollMs = 20;

const podLifecycle: Workload = {
  declaration: {
    id: 'pod-lifecycle',
    revision: 1,
    title: 'Life of a pod with one container',
    description:
      'Runs, uses and removes a pod sandbox with one container, one step after the other, as a kubelet does for a pod that is ' +
      'created and deleted. Good for what every pod pays on a node. The image is there beforehand, so no pull is in it; the ' +
      'process ends on TERM at once, so no grace period is in StopContainer; it is stopped only after its first line, so no ' +
      'race with its start is in it either. CreateContainer and StartContainer are not comparable one by one between runtimes ' +
      'that split the work differently (containerd has the OCI runtime create the container in StartContainer, CRI-O in ' +
      'CreateContainer): compare PodReady.',
    operations: [
      {
        name: 'PodReady',
        description:
          'RunPodSandbox, CreateContainer and StartContainer as one span: from nothing to a started container',
      },
      { name: 'RunPodSandbox', description: 'sandbox, network and pause process' },
      { name: 'CreateContainer', description: 'file system and metadata, on CRI-O the OCI container too' },
      { name: 'StartContainer', description: 'the process starts, on containerd the OCI container is made first' },
      {
        name: 'FirstLogLine',
        description: 'from the start of StartContainer until the first line that the process writes is in its log file',
      },
      { name: 'StopContainer', description: 'until a process that ends on TERM at once is known to have ended' },
      { name: 'RemoveContainer', description: 'removal of an exited container' },
      { name: 'StopPodSandbox', description: 'network and pause process of a pod without containers go' },
      { name: 'RemovePodSandbox', description: 'removal of a stopped pod sandbox' },
    ],
    measures: [],
    primary: 'PodReady',
    needs: ['host-files'],
    profile: 'quick',
    disruptive: false,
  },
  prepare: async ({ given }) => {
    await given.image(imageName);
  },
  iterate: async (context) => {
    const { given, call, span, signal } = context;
    const image = await given.image(imageName);
    const config = given.podSandboxConfig();
    const { podSandboxId, containerId, firstLine } = await span('PodReady', () => startPod(context, config, image));
    await firstLine;
    await call('StopContainer', ({ runtime }) =>
      runtime.stopContainer({ containerId, timeout: gracePeriodSeconds }, { signal }),
    );
    await call('RemoveContainer', ({ runtime }) => runtime.removeContainer({ containerId }, { signal }));
    await call('StopPodSandbox', ({ runtime }) => runtime.stopPodSandbox({ podSandboxId }, { signal }));
    await call('RemovePodSandbox', ({ runtime }) => runtime.removePodSandbox({ podSandboxId }, { signal }));
  },
};

export const workloads: readonly Workload[] = [podLifecycle];

interface StartedPod {
  readonly podSandboxId: string;
  readonly containerId: string;
  /** Settles when FirstLogLine is over, which it need not be yet. */
  readonly firstLine: Promise<void>;
}

async function startPod(
  { given, target, call, span, signal }: IterationContext,
  config: PodSandboxConfig,
  image: PulledImage,
): Promise<StartedPod> {
  const { podSandboxId } = await call('RunPodSandbox', ({ runtime }) =>
    runtime.runPodSandbox({ config, runtimeHandler: target.handler }, { signal }),
  );
  const ofContainer = await given.containerConfig({ id: podSandboxId, config }, { command }, image);
  const { containerId } = await call('CreateContainer', ({ runtime }) =>
    runtime.createContainer({ podSandboxId, config: ofContainer, sandboxConfig: config }, { signal }),
  );
  const log = watchLog(join(config.logDirectory, ofContainer.logPath));
  const started = call('StartContainer', ({ runtime }) => runtime.startContainer({ containerId }, { signal }));
  const firstLine = span('FirstLogLine', () => log.firstLine(started, signal));
  // Whoever waits for it does so when PodReady is over; until then a failure has nobody to go to.
  firstLine.catch(() => undefined);
  await started;
  return { podSandboxId, containerId, firstLine };
}

/** Watches, from now on, for a container's log file to hold a line: whole, whatever its format. */
function watchLog(path: string): {
  /** @param started a line that has not come so long after it is given up */
  readonly firstLine: (started: Promise<unknown>, signal: AbortSignal) => Promise<void>;
} {
  let look: () => void = () => undefined;
  const line = new Promise<void>((resolve, reject) => {
    look = () => {
      try {
        if (holdsLine(path)) resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
  });
  const watcher = watch(dirname(path), look);
  const poll = setInterval(look, pollMs);
  return {
    firstLine: async (started, signal) => {
      const over = new AbortController();
      const tooLate = async (): Promise<never> => {
        await started;
        await pause(logTimeoutMs, undefined, { signal: AbortSignal.any([signal, over.signal]) });
        throw new Error(`no line in ${path} after ${String(logTimeoutMs)} ms`);
      };
      try {
        await Promise.race([line, tooLate()]);
      } finally {
        over.abort();
        clearInterval(poll);
        watcher.close();
      }
    },
  };
}

function holdsLine(path: string): boolean {
  try {
    return readFileSync(path).includes('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
