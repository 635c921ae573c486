import type { ExecSyncResponse } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What a command is that ExecSync and Exec run, and what becomes of several at once. */
export const execProcessFaults: readonly Fault[] = [
  fault({
    name: 'exec-empty-arguments-dropped',
    breaks: 'a command has its arguments as they are',
    kills: ['exec-sync/arguments#as-they-are', 'exec-stream/like-its-container#arguments'],
    how: commands((cmd) => cmd.filter((word) => word !== '')),
  }),
  fault({
    name: 'exec-without-variables-of-image',
    breaks: 'a command has the variables of its container’s image',
    kills: ['exec-sync/environment#output', 'exec-stream/like-its-container#environment'],
    reason: 'those of the image alone, where the other fault of ExecSync takes those of the config',
    how: commands((cmd) => ['sh', '-c', 'unset CRIBLE_ODD; exec "$@"', 'sh', ...cmd]),
  }),
  fault({
    name: 'exec-stream-starts-in-the-root',
    breaks: 'a command that is streamed starts in the directory of its container',
    kills: ['exec-stream/like-its-container#directory'],
    how: request('Exec', (asked) => {
      asked.cmd = ['sh', '-c', 'cd /; exec "$@"', 'sh', ...asked.cmd];
    }),
  }),
  fault({
    name: 'exec-stream-with-another-group',
    breaks: 'a command that is streamed has the user and groups of its container',
    kills: ['exec-stream/like-its-container#identity'],
    how: request('Exec', (asked) => {
      asked.cmd = asked.cmd.map((word) => word.replace('id -u; id -g;', 'id -u; echo 0;'));
    }),
  }),
  fault({
    name: 'exec-with-more-rights',
    breaks: 'a command has no capability that its container has not',
    kills: ['exec-sync/confinement#rights', 'exec-stream/confinement#rights'],
    how: commands((cmd) =>
      cmd.map((word) =>
        word.replace('/proc/self/status', "/proc/self/status | sed 's/^CapBnd:.*/CapBnd: 3fffffffff/'"),
      ),
    ),
  }),
  fault({
    name: 'exec-outside-of-the-cgroup',
    breaks: 'a command counts to the cgroups of its container',
    kills: ['exec-sync/confinement#cgroup', 'exec-stream/confinement#cgroup'],
    how: commands((cmd) =>
      cmd.map((word) => word.replace('cat /proc/self/cgroup', "sed 's/:[^:]*$/:\\/runtime.slice/' /proc/self/cgroup")),
    ),
  }),
  fault({
    name: 'exec-sync-answers-of-another',
    breaks: 'ExecSync answers what its own command printed, beside others',
    kills: ['exec-sync/exit-code#exit-code'],
    reason: 'only for commands at once, where the other fault of this expectation changes every exit code',
    rpcs: ['ExecSync'],
    how: () => {
      const last = new Map<string, Promise<ExecSyncResponse>>();
      return around('ExecSync', (next) => async (asked, call) => {
        const own = next(asked, call);
        last.set(asked.containerId, own);
        await own;
        return last.get(asked.containerId) ?? own;
      });
    },
  }),
  fault({
    name: 'exec-sync-signal-as-exit-code',
    breaks: 'the exit code of a command that was killed is 128 and the number of the signal',
    kills: ['exec-sync/exit-code#killed'],
    how: answer('ExecSync', (done) => {
      if (done.exitCode === 137) done.exitCode = 9;
    }),
  }),
  fault({
    name: 'exec-sync-exit-code-with-a-sign',
    breaks: 'exit codes are from 0 to 255',
    kills: ['exec-sync/exit-code#highest'],
    how: answer('ExecSync', (done) => {
      if (done.exitCode === 255) done.exitCode = -1;
    }),
  }),
  fault({
    name: 'exec-sync-stderr-cut',
    breaks: 'ExecSync returns all that a command printed on stderr',
    kills: ['exec-sync/large-output#stderr'],
    how: answer('ExecSync', (done) => {
      done.stderr = done.stderr.subarray(0, 65_536);
    }),
  }),
  fault({
    name: 'exec-sync-unlimited-is-a-second',
    breaks: 'a command of ExecSync whose time-out is 0 runs to its end',
    kills: ['exec-sync/timeout#without'],
    how: request('ExecSync', (asked) => {
      if (asked.timeout === 0n) asked.timeout = 1n;
    }),
  }),
];

/** Changes the commands of ExecSync and of Exec. */
function commands(change: (cmd: string[]) => string[]): readonly Break[] {
  return [
    request('ExecSync', (asked) => {
      asked.cmd = change(asked.cmd);
    }),
    request('Exec', (asked) => {
      asked.cmd = change(asked.cmd);
    }),
  ];
}
