import { setTimeout as pause } from 'node:timers/promises';
import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { hasFeature } from '../../src/kit/target-context.ts';
import { containerState, containerStatus, earliestNs, exitStatus, listContainers } from './ask.ts';

/** Long enough for a container that was restarted to be seen running, or with another time of its start. */
const restartMs = 300;

const millisecondNs = 1_000_000n;
/** The clock may be set meanwhile, by a little, and not everybody reads it as finely. */
const clockSlackNs = 50n * millisecondNs;

/** Now, by this machine's clock. */
function clockNs(): bigint {
  return BigInt(Date.now()) * millisecondNs;
}

export const cases = [
  defineCase({
    id: 'container/exit/zero',
    title: 'reports exit code 0 and reason Completed of a container whose command succeeded',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.exit_code, and reason, a brief word in CamelCase' },
      {
        kind: 'kubelet',
        text: 'a job’s pod has succeeded if the exit code is 0; people look for the reason Completed',
      },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command: ['sh', '-c', 'exit 0'] });
      const { exitCode, reason } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 0, 'ContainerStatus.exit_code');
      expect.equal('reason', reason, 'Completed', 'ContainerStatus.reason');
    },
  }),

  defineCase({
    id: 'container/exit/non-zero',
    title: 'reports the exit code and reason Error of a container whose command failed',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.exit_code, and reason, a brief word in CamelCase' },
      { kind: 'kubelet', text: 'restarts on failure by the exit code; people look for the reason Error' },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command: ['sh', '-c', 'exit 42'] });
      const { exitCode, reason } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 42, 'ContainerStatus.exit_code');
      expect.equal('reason', reason, 'Error', 'ContainerStatus.reason');
    },
  }),

  defineCase({
    id: 'container/exit/killed',
    revision: 2,
    title: 'reports 128 + the signal’s number as the exit code of a container that a signal ended, and no other reason',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      {
        kind: 'kubelet',
        text: 'passes the exit code on; 128 + the signal’s number is how shells and OCI runtimes tell a signal',
      },
      { kind: 'kubelet', text: 'people and dashboards tell by OOMKilled that a limit is too low' },
    ],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      // As PID 1 of a namespace of its own a process cannot kill itself; in the sandbox’s namespace it is not PID 1.
      const linux = { securityContext: { namespaceOptions: { pid: NamespaceMode.POD } } };
      const pod = await given.podSandbox({ linux });
      const { id } = await given.startedContainer(pod, { command: ['sh', '-c', 'kill -9 $$'] });
      const { exitCode, reason } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 137, 'ContainerStatus.exit_code');
      expect.that('not-of-memory', reason !== 'OOMKilled', 'ContainerStatus.reason of one that had memory enough', {
        expected: 'not OOMKilled',
        actual: reason,
      });
      const { id: terminated } = await given.startedContainer(pod, { command: ['sh', '-c', 'kill -TERM $$'] });
      const { exitCode: codeOfTerm } = await exitStatus(context, terminated);
      expect.equal('exit-code-of-term', codeOfTerm, 143, 'ContainerStatus.exit_code of one that SIGTERM ended');
    },
  }),

  defineCase({
    id: 'container/exit/times-in-order',
    revision: 2,
    title: 'reports created_at, started_at and finished_at of a container when they were, the first two never changing',
    level: 'required',
    rpcs: ['ContainerStatus', 'ListContainers'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus: times of creation, start and end in nanoseconds' },
      { kind: 'kubelet', text: 'orders a pod’s containers by created_at and reports start and end of each' },
    ],
    async run(context) {
      const { given, cri, expect, target } = context;
      const pod = await given.sharedPodSandbox();
      const times = [clockNs()];
      // A command that ends at once may be over before the runtime has taken the time of its start.
      const { id } = await given.container(pod, { command: ['sleep', '0.5'] });
      const created = await containerStatus(context, id, 'status-created');
      times.push(clockNs());
      await expect.succeeds('start', cri.runtime.startContainer({ containerId: id }), 'StartContainer');
      const running = await containerStatus(context, id, 'status-running');
      times.push(clockNs());
      const exited = await exitStatus(context, id);
      times.push(clockNs());
      const [listed] = await listContainers(context, { id });
      expect.that('created-at', created.createdAt > earliestNs, 'created_at is a time in nanoseconds', {
        expected: `more than ${String(earliestNs)}`,
        actual: created.createdAt,
      });
      expect.equal(
        'created-at-stays',
        [running.createdAt, exited.createdAt, listed?.createdAt],
        [created.createdAt, created.createdAt, created.createdAt],
        'created_at while running, after the end, and in the list',
      );
      expect.equal('started-at-stays', exited.startedAt, running.startedAt, 'started_at after the end');
      expect.that(
        'started-after-created',
        created.createdAt <= exited.startedAt,
        'started_at is not before created_at',
        {
          expected: `not less than ${String(created.createdAt)}`,
          actual: exited.startedAt,
        },
      );
      expect.that('finished-after-started', exited.startedAt < exited.finishedAt, 'finished_at is after started_at', {
        expected: `more than ${String(exited.startedAt)}`,
        actual: exited.finishedAt,
      });
      if (!hasFeature(target, 'host-files')) return;
      const [begin = 0n, made = 0n, started = 0n, ended = 0n] = times;
      const windows = [
        ['created_at', exited.createdAt, begin, made],
        ['started_at', exited.startedAt, made, started],
        // Its command takes that long.
        ['finished_at', exited.finishedAt, made + 500n * millisecondNs, ended],
      ] as const;
      const outside = windows.filter(([, ns, from, to]) => ns < from - clockSlackNs || ns > to + clockSlackNs);
      expect.equal<unknown>('by-the-clock', outside, [], 'times that are not when it was, by the clock of the host');
    },
  }),

  defineCase({
    id: 'container/exit/stays-exited',
    title: 'does not restart a container that has exited',
    level: 'required',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'kubelet', text: 'decides alone, by the pod’s restart policy, whether and when a container runs again' },
    ],
    async run(context) {
      const { given, expect, signal } = context;
      const { container, status } = await given.exitedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'exit 1'],
      });
      await pause(restartMs, undefined, { signal });
      const later = await containerStatus(context, container.id);
      expect.equal<unknown>(
        'unchanged',
        [containerState(later), later.startedAt, later.finishedAt],
        ['CONTAINER_EXITED', status.startedAt, status.finishedAt],
        `state, started_at and finished_at ${String(restartMs)} ms later`,
      );
    },
  }),
];
