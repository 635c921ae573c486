import { answer, failsAfterwards, request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the RPCs about containers promise. */
export const containerFaults: readonly Fault[] = [
  fault({
    name: 'capabilities-are-not-dropped',
    breaks: 'a container has not the capabilities that its config drops',
    kills: ['container/process/capabilities#none-left'],
    how: request('CreateContainer', ({ config }) => {
      delete config?.linux?.securityContext?.capabilities;
    }),
  }),
  fault({
    name: 'exit-code-of-signals-lost',
    breaks: 'the exit code of a container that was killed is 128 and the number of the signal',
    kills: ['container/exit/killed#exit-code'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status && status.exitCode > 128) status.exitCode -= 128;
    }),
  }),
  fault({
    name: 'container-stays',
    breaks: 'RemoveContainer removes the container',
    kills: ['container/remove/exited-container#not-listed'],
    reason: 'nothing is done, where removed-container-still-listed only tells it wrongly',
    how: swallow('RemoveContainer', {}),
  }),
  fault({
    name: 'stop-is-not-idempotent',
    breaks: 'StopContainer of a container that is stopped succeeds',
    kills: ['container/stop/is-idempotent#second-stop'],
    reason: 'the mistake that a runtime is likely to make',
    rpcs: ['StopContainer'],
    how: () => {
      const stopped = new Set<string>();
      return failsAfterwards('StopContainer', 'FailedPrecondition', ({ containerId }) => {
        const again = stopped.has(containerId);
        stopped.add(containerId);
        return again;
      });
    },
  }),
  fault({
    name: 'grace-period-ignored',
    breaks: 'a container gets its grace period before it is killed',
    kills: ['container/stop/kills-after-grace#not-before'],
    how: request('StopContainer', (stop) => {
      stop.timeout = 0n;
    }),
  }),
];
