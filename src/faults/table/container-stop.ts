import { setTimeout as pause } from 'node:timers/promises';
import { ContainerStatusResponseSchema, create } from '../../cri/messages.ts';
import type { ContainerStatus } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { after, before, postpones, refuses, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** Longer than a stop may take on a busy machine. */
const tooLongSeconds = 6n;

/** What StopContainer and RemoveContainer promise. */
export const containerStopFaults: readonly Fault[] = [
  fault({
    name: 'container-stops-late',
    breaks: 'a container has exited when StopContainer returns',
    kills: [
      'container/stop/kills-after-grace#exited',
      'container/stop/sends-term#exited',
      'container/stop/without-grace#exited',
    ],
    how: postpones('StopContainer', {}, 3000),
  }),
  fault({
    name: 'grace-period-too-long',
    breaks: 'StopContainer kills a container when its grace period is over',
    kills: [
      'container/stop/kills-after-grace#in-time',
      'container/stop/without-grace#at-once',
      'container/stop/shorter-grace-wins#at-once',
    ],
    how: request('StopContainer', (asked) => {
      asked.timeout += tooLongSeconds;
    }),
  }),
  fault({
    name: 'grace-period-lasts-always',
    breaks: 'StopContainer returns as soon as the container has ended',
    kills: ['container/stop/sends-term#before-grace'],
    how: after('StopContainer', async ({ timeout }, _, { signal }) => {
      await pause(Math.min(Number(timeout) * 1000, 10_500), undefined, { signal });
    }),
  }),
  fault({
    name: 'stop-sends-term-first',
    breaks: 'StopContainer sends the signal that the image names',
    kills: ['container/stop/signal-of-image#by-sigint'],
    how: before('StopContainer', async ({ containerId }, { client, signal }) => {
      // What does not run takes no signal.
      await client.runtime.execSync({ containerId, cmd: ['kill', '-TERM', '1'], timeout: 5n }).catch(() => undefined);
      await pause(300, undefined, { signal });
    }),
  }),
  fault({
    name: 'stop-of-an-unknown-container-refused',
    breaks: 'StopContainer of an id that is not known succeeds',
    kills: ['container/stop/unknown-id#stop-unknown'],
    // containerd 1.6 breaks the promise itself, so that it is proven where it is kept.
    provenOn: 'simulator',
    how: refuses('StopContainer', 'NotFound', ({ containerId }) => /^f{64}$/.test(containerId)),
  }),
  fault({
    name: 'removed-container-has-a-status',
    breaks: 'ContainerStatus does not know a container that was removed',
    kills: [
      'container/remove/created-container#no-status',
      'container/remove/exited-container#no-status',
      'container/remove/running-container#no-status',
    ],
    rpcs: ['RemoveContainer', 'ContainerStatus'],
    how: () => {
      const removed = new Map<string, ContainerStatus>();
      return [
        around('RemoveContainer', (next, { client }) => async (asked, call) => {
          const last = await client.runtime.containerStatus({ containerId: asked.containerId }).catch(() => undefined);
          const done = await next(asked, call);
          if (last?.status) removed.set(asked.containerId, last.status);
          return done;
        }),
        around('ContainerStatus', (next) => async (asked, call) => {
          const status = removed.get(asked.containerId);
          return status ? create(ContainerStatusResponseSchema, { status }) : next(asked, call);
        }),
      ];
    },
  }),
];
