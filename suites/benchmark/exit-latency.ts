import { setTimeout as pause } from 'node:timers/promises';
import { CriError } from '../../src/cri/error.ts';
import { ContainerEventType, ContainerState } from '../../src/cri/messages.ts';
import { defineWorkload, type IterationContext, type Workload, type WorkloadContext } from '../../src/kit/workload.ts';
import { pidOf, uniqueNumber } from './steps/host-process.ts';
import { shellImage } from './steps/pod.ts';

/** Between two looks at the status: asking without a pause would keep the runtime busy with us. */
const lookMs = 1;
/** A runtime without events refuses at once; so long a silence means that it has them. */
const refusalMs = 300;
/** Longer than any event takes that is worth a figure. */
const eventTimeoutMs = 10_000;

const exitLatency = defineWorkload({
  id: 'exit-latency',
  title: 'From a process’s end to its being known',
  description:
    'Ends a container’s process by SIGKILL from the host, and takes the time until ContainerStatus says that it has exited and, ' +
    'where the runtime has GetContainerEvents, until the event comes. Good for how soon a kubelet can restart a container or see ' +
    'a job done. The runtime is not asked to stop anything: it has to find out. The kernel ends such a process within a ' +
    `fraction of a millisecond; status is asked for every ${String(lookMs)} to 2 ms, which is how far ExitToStatus may be too long.`,
  operations: [
    { name: 'ExitToStatus', description: 'from the signal until ContainerStatus says CONTAINER_EXITED' },
    {
      name: 'ExitToEvent',
      description: 'from the signal until CONTAINER_STOPPED_EVENT; none where there is no GetContainerEvents',
    },
  ],
  primary: 'ExitToStatus',
  needs: ['host-pids'],
  prepare: async (context) => ({
    image: await context.given.image(shellImage),
    hasEvents: await hasEvents(context),
  }),
  beginRound: async (context, { hasEvents }) => ({
    pod: await context.given.podSandbox(),
    ...(hasEvents && { stopped: listen(context) }),
  }),
  iterate: async (context, { image }, { pod, stopped }) => {
    const { given, cri, span, signal } = context;
    const command = ['sleep', uniqueNumber()];
    const { id: containerId } = await given.startedContainer(pod, { command }, image);
    const pid = await pidOf(command, signal);
    const event = stopped?.of(containerId);
    const known = [span('ExitToStatus', () => killed(pid, () => exited(context, containerId)))];
    if (event !== undefined) known.push(span('ExitToEvent', () => event));
    await Promise.all(known);
    await cri.runtime.removeContainer({ containerId }, { signal });
  },
  endRound: (_context, _prepared, { stopped }) => {
    stopped?.close();
    return Promise.resolve();
  },
});

export const workloads: readonly Workload[] = [exitLatency];

function killed(pid: number, known: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGKILL');
  return known();
}

async function exited({ cri, signal }: IterationContext, containerId: string): Promise<void> {
  for (;;) {
    const { status } = await cri.runtime.containerStatus({ containerId }, { signal });
    if (status?.state === ContainerState.CONTAINER_EXITED) return;
    await pause(lookMs, undefined, { signal });
  }
}

async function hasEvents({ cri, signal }: WorkloadContext): Promise<boolean> {
  const over = new AbortController();
  const first = cri.runtime
    .getContainerEvents({}, { signal: AbortSignal.any([signal, over.signal]) })
    [Symbol.asyncIterator]()
    .next();
  try {
    await Promise.race([first, pause(refusalMs, undefined, { signal })]);
    return true;
  } catch (error) {
    if (error instanceof CriError && error.code === 'Unimplemented') return false;
    throw error;
  } finally {
    first.catch(() => undefined);
    over.abort();
  }
}

/** Events of a round. */
interface Stopped {
  /** Settles when this container's event comes; to be asked for before its process ends. */
  readonly of: (containerId: string) => Promise<void>;
  readonly close: () => void;
}

function listen({ cri, signal }: WorkloadContext): Stopped {
  const over = new AbortController();
  const waiting = new Map<string, () => void>();
  const events = cri.runtime.getContainerEvents({}, { signal: AbortSignal.any([signal, over.signal]) });
  const ended = (async (): Promise<never> => {
    for await (const { containerId, containerEventType } of events) {
      if (containerEventType === ContainerEventType.CONTAINER_STOPPED_EVENT) waiting.get(containerId)?.();
    }
    throw new Error('the stream of GetContainerEvents ended');
  })();
  // Whoever waits for an event is told.
  ended.catch(() => undefined);
  return {
    of: async (containerId) => {
      const come = new Promise<void>((resolve) => waiting.set(containerId, resolve));
      const tooLate = AbortSignal.timeout(eventTimeoutMs);
      const never = new Promise<never>((_, reject) => {
        tooLate.addEventListener('abort', () => {
          reject(new Error(`no event of ${containerId} after ${String(eventTimeoutMs)} ms`));
        });
      });
      try {
        await Promise.race([come, ended, never]);
      } finally {
        waiting.delete(containerId);
      }
    },
    close: () => {
      over.abort();
    },
  };
}
