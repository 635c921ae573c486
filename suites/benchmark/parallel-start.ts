import type { Load } from '../../src/model/workload.ts';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { Gate } from './steps/gate.ts';
import { podReadyOperations, removePod, shellImage, startPod } from './steps/pod.ts';

/** So many pods at once: a node that comes up has dozens of them to start. */
const bursts = [1, 5, 10];
/** Takes tens of seconds a round, which only the longest profile has time for. */
const longBursts = [...bursts, 50];

/** Bursts of fewer are repeated in a round until there are so many pods. */
const leastPods = 5;

const inFlight = (load: Load): number => (load.model === 'closed' ? load.concurrency : 1);

const parallelStart = defineWorkload({
  id: 'parallel-start',
  title: 'A burst of pods that start at once',
  description:
    'Starts 1, 5, 10 or 50 pods with one container each at the same moment, waits until the last of them is ready, and only then ' +
    'removes them, under no clock. Good for a node that comes up, and for what a runtime does one by one behind its back. Removal ' +
    'never runs beside a start: with a plain number in flight the one would be measured with the other.',
  operations: [
    {
      name: 'AllReady',
      description: 'from the beginning of the burst until the last pod of it is ready, told by each of them',
    },
    ...podReadyOperations,
  ],
  primary: 'AllReady',
  loads: (_asked, profile) =>
    (profile === 'full' ? longBursts : bursts).map((concurrency) => ({ model: 'closed', concurrency })),
  // Whole bursts, so that none waits for places that never come; several of the small ones.
  iterations: (_usual, load) => inFlight(load) * Math.max(1, Math.floor(leastPods / inFlight(load))),
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ load, signal }) => Promise.resolve(new Gate(inFlight(load), signal)),
  iterate: async (context, image, gate) => {
    await gate.wait();
    const { pod } = await context.span('AllReady', async () => {
      try {
        return await startPod(context, image);
      } finally {
        // One that could not be started must not keep the others waiting.
        await gate.wait();
      }
    });
    await removePod(context, pod);
  },
});

export const workloads: readonly Workload[] = [parallelStart];
