import { ContainerState } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { answer, codeChanged } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What StartContainer promises. */
export const containerStartFaults: readonly Fault[] = [
  fault({
    name: 'running-state-late',
    breaks: 'a container is CONTAINER_RUNNING when StartContainer returns',
    kills: ['container/start/is-running#running', 'attach/stdin-once#running-before', 'attach/stdin-stays#running'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status?.state === ContainerState.CONTAINER_RUNNING) status.state = ContainerState.CONTAINER_CREATED;
    }),
  }),
  fault({
    name: 'start-always-succeeds',
    breaks: 'StartContainer fails when nothing is started',
    kills: [
      'container/start/running-container#refused',
      'container/start/exited-container#refused',
      'container/start/unknown-command#start-refused',
    ],
    how: around('StartContainer', (next) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch {
        return {};
      }
    }),
  }),
  fault({
    name: 'refused-start-sets-started-at',
    breaks: 'a StartContainer that is refused changes nothing',
    kills: ['container/start/running-container#unchanged', 'container/start/exited-container#unchanged'],
    rpcs: ['StartContainer', 'ContainerStatus'],
    how: () => {
      const startedAtMs = new Map<string, number>();
      return [
        around('StartContainer', (next) => async (asked, call) => {
          try {
            return await next(asked, call);
          } catch (error) {
            startedAtMs.set(asked.containerId, Date.now());
            throw error;
          }
        }),
        answer('ContainerStatus', ({ status }) => {
          const ms = startedAtMs.get(status?.id ?? '');
          if (status && ms !== undefined) status.startedAt = BigInt(ms) * 1_000_000n;
        }),
      ];
    },
  }),
  fault({
    name: 'start-of-unknown-id-is-an-unknown-error',
    breaks: 'StartContainer of an unknown id is answered by NotFound',
    kills: ['container/start/unknown-id#not-found'],
    how: codeChanged('StartContainer', 'NotFound', 'Unknown'),
  }),
];
