import { ContainerState } from '../../cri/messages.ts';
import type { ContainerStatus } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { after, answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { CONTAINER_CREATED, CONTAINER_RUNNING, CONTAINER_EXITED } = ContainerState;
const hourNs = 3_600_000_000_000n;

/** What ContainerStatus tells of the life of a container: its times, and how it ended. */
export const containerExitFaults: readonly Fault[] = [
  fault({
    name: 'exit-not-noticed',
    breaks: 'a container whose process has ended is CONTAINER_EXITED',
    kills: [
      'container/exit/killed#exits',
      'container/exit/non-zero#exits',
      'container/exit/times-in-order#exits',
      'container/exit/zero#exits',
      'container/start/unknown-command#does-not-run',
      'container/stop/shorter-grace-wins#exited',
    ],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.state = CONTAINER_RUNNING;
    }),
  }),
  fault({
    name: 'exit-code-is-0-or-1',
    breaks: 'exit_code is the code that the process ended with',
    kills: [
      'attach/stdin-once#exit-code',
      'container/exit/non-zero#exit-code',
      'container/stop/kills-after-grace#exit-code',
      'container/stop/sends-term#exit-code',
      'container/stop/without-grace#exit-code',
    ],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.exitCode = Math.min(status.exitCode, 1);
    }),
  }),
  fault({
    name: 'exit-code-0-is-255',
    breaks: 'exit_code of a process that succeeded is 0',
    kills: ['container/exit/zero#exit-code'],
    how: statusOf(CONTAINER_EXITED, (status) => {
      if (status.exitCode === 0) status.exitCode = 255;
    }),
  }),
  fault({
    name: 'exit-without-a-reason',
    breaks: 'reason says in a word how a container ended',
    kills: ['container/exit/zero#reason', 'container/exit/non-zero#reason'],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.reason = '';
    }),
  }),
  fault({
    name: 'created-at-in-seconds',
    breaks: 'created_at is in nanoseconds',
    kills: ['container/create/is-created#created-at', 'container/exit/times-in-order#created-at'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status) status.createdAt /= 1_000_000_000n;
    }),
  }),
  fault({
    name: 'started-at-before-the-start',
    breaks: 'started_at is 0 until a container is started',
    kills: ['container/create/is-created#not-started'],
    how: statusOf(CONTAINER_CREATED, (status) => {
      status.startedAt = status.createdAt;
    }),
  }),
  fault({
    name: 'started-at-in-seconds',
    breaks: 'started_at is in nanoseconds',
    kills: ['container/start/is-running#started-at'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status) status.startedAt /= 1_000_000_000n;
    }),
  }),
  fault({
    name: 'finished-at-before-the-end',
    breaks: 'finished_at is 0 until a container has exited',
    kills: ['container/create/is-created#not-finished', 'container/start/is-running#not-finished'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status && status.state !== CONTAINER_EXITED) status.finishedAt = status.createdAt;
    }),
  }),
  fault({
    name: 'started-at-set-again',
    breaks: 'started_at stays as it is when a container exits',
    kills: ['container/exit/times-in-order#started-at-stays'],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.startedAt += 1n;
    }),
  }),
  fault({
    name: 'time-goes-back-at-start',
    breaks: 'a container is started after it was created',
    kills: ['container/exit/times-in-order#started-after-created'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status && status.startedAt !== 0n) status.startedAt -= hourNs;
    }),
  }),
  fault({
    name: 'finished-at-is-started-at',
    breaks: 'finished_at is after started_at',
    kills: ['container/exit/times-in-order#finished-after-started'],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.finishedAt = status.startedAt;
    }),
  }),
  fault({
    name: 'finished-at-moves',
    breaks: 'finished_at does not change any more once a container has exited',
    kills: ['container/exit/stays-exited#unchanged', 'container/stop/is-idempotent#unchanged'],
    how: statusOf(CONTAINER_EXITED, (status) => {
      status.finishedAt = BigInt(Date.now()) * 1_000_000n;
    }),
  }),
  fault({
    name: 'exited-container-runs-again',
    breaks: 'a container that has exited stays so',
    kills: ['container/exit/stays-exited#unchanged'],
    reason: 'the state goes back, where finished-at-moves changes a time',
    rpcs: ['ContainerStatus'],
    how: () => {
      const exitedAtMs = new Map<string, number>();
      return statusOf(CONTAINER_EXITED, (status) => {
        const sinceMs = exitedAtMs.get(status.id) ?? performance.now();
        exitedAtMs.set(status.id, sinceMs);
        if (performance.now() - sinceMs > 200) status.state = CONTAINER_RUNNING;
      });
    },
  }),
  fault({
    name: 'stop-overwrites-exit-code',
    breaks: 'StopContainer leaves the exit code of a container alone that has exited before',
    kills: ['container/stop/exited-container#unchanged'],
    rpcs: ['StopContainer', 'ContainerStatus'],
    how: () => {
      const stopped = new Set<string>();
      return [
        after('StopContainer', ({ containerId }) => void stopped.add(containerId)),
        statusOf(CONTAINER_EXITED, (status) => {
          if (stopped.has(status.id)) status.exitCode = 137;
        }),
      ];
    },
  }),
];

/** Changes what ContainerStatus tells of containers in a state. */
function statusOf(state: ContainerState, change: (status: ContainerStatus) => void): Break {
  return answer('ContainerStatus', ({ status }) => {
    if (status?.state === state) change(status);
  });
}
