import { around } from '../break.ts';
import { after, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** The grace period by which the case that asks for this is known. */
const graceSeconds = 9n;

/** What becomes of the processes of a container that is stopped or removed. */
export const containerEndFaults: readonly Fault[] = [
  fault({
    name: 'stop-leaves-processes',
    breaks: 'the processes of a container have ended when it is stopped',
    kills: ['container/stop/processes-end#stopped'],
    how: swallow('StopContainer', {}, ({ timeout }) => timeout === graceSeconds),
  }),
  fault({
    name: 'stop-ends-neighbours',
    breaks: 'StopContainer leaves the other containers of the sandbox alone',
    kills: ['container/stop/processes-end#neighbour'],
    how: after('StopContainer', async ({ containerId, timeout }, _, { client }) => {
      if (timeout !== graceSeconds) return;
      const { containers } = await client.runtime.listContainers({});
      const sandboxId = containers.find(({ id }) => id === containerId)?.podSandboxId;
      const others = containers.filter(({ id, podSandboxId }) => podSandboxId === sandboxId && id !== containerId);
      for (const { id } of others) await client.runtime.stopContainer({ containerId: id, timeout: 0n });
    }),
  }),
  fault({
    name: 'removal-leaves-processes',
    breaks: 'the processes of a container have ended when it is removed',
    kills: ['container/stop/processes-end#removed'],
    rpcs: ['StopContainer', 'RemoveContainer'],
    how: () => {
      let stopped = false;
      return [
        after('StopContainer', ({ timeout }) => {
          stopped ||= timeout === graceSeconds;
        }),
        around('RemoveContainer', (next) => async (asked, call) => (stopped ? {} : next(asked, call))),
      ];
    },
  }),
];
