import { setTimeout as pause } from 'node:timers/promises';
import { CriError } from '../../cri/error.ts';
import { around } from '../break.ts';
import { answer, codeChanged } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What ExecSync promises. */
export const execSyncFaults: readonly Fault[] = [
  fault({
    name: 'exec-sync-streams-are-one',
    breaks: 'ExecSync returns stdout apart from stderr',
    kills: ['exec-sync/streams#stdout'],
    how: answer('ExecSync', (done) => {
      done.stdout = Buffer.concat([done.stdout, done.stderr]);
      done.stderr = Buffer.alloc(0);
    }),
  }),
  fault({
    name: 'exec-sync-stderr-lost',
    breaks: 'ExecSync returns what a command printed on stderr',
    kills: ['exec-sync/streams#stderr'],
    how: answer('ExecSync', (done) => {
      done.stderr = Buffer.alloc(0);
    }),
  }),
  fault({
    name: 'exec-sync-stderr-is-failure',
    breaks: 'ExecSync returns exit code 0 of a command that succeeded, whatever it printed',
    kills: ['exec-sync/streams#exit-code'],
    how: answer('ExecSync', (done) => {
      if (done.stderr.length > 0) done.exitCode = 1;
    }),
  }),
  fault({
    name: 'exec-sync-exit-code-is-0-or-1',
    breaks: 'ExecSync returns the exit code of the command',
    kills: ['exec-sync/exit-code#exit-code'],
    reason:
      'the code of the right command in another form, where exec-sync-answers-of-another has that of another command',
    how: answer('ExecSync', (done) => {
      done.exitCode = Math.min(done.exitCode, 1);
    }),
  }),
  fault({
    name: 'exec-sync-output-cut',
    breaks: 'ExecSync returns all that a command printed',
    kills: ['exec-sync/large-output#size'],
    how: answer('ExecSync', (done) => {
      done.stdout = done.stdout.subarray(0, 65_536);
    }),
  }),
  fault({
    name: 'exec-sync-output-has-holes',
    breaks: 'ExecSync returns every byte that a command printed',
    kills: ['exec-sync/large-output#content'],
    how: answer('ExecSync', (done) => {
      done.stdout = Uint8Array.from(done.stdout).fill(0, 65_536, 65_544);
    }),
  }),
  fault({
    name: 'exec-sync-always-succeeds',
    breaks: 'ExecSync tells when a command could not run',
    kills: ['exec-sync/exited-container#refused', 'exec-sync/unknown-command#tells'],
    how: around('ExecSync', (next) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch {
        return {};
      }
    }),
  }),
  fault({
    name: 'exec-sync-timeout-is-unknown',
    breaks: 'an ExecSync that timed out is answered by DeadlineExceeded',
    kills: ['exec-sync/timeout#code'],
    how: codeChanged('ExecSync', 'DeadlineExceeded', 'Unknown'),
  }),
  fault({
    name: 'exec-sync-process-left',
    breaks: 'ExecSync ends the process of a command that timed out',
    kills: ['exec-sync/timeout#process-gone'],
    how: around('ExecSync', (next, { signal }) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch (error) {
        if (!(error instanceof CriError) || error.code !== 'DeadlineExceeded') throw error;
        // It ends with its container.
        const { apiVersion } = call;
        next({ ...asked, timeout: 0n }, { apiVersion, signal, deadline: undefined }).catch(() => undefined);
        await pause(1000, undefined, { signal });
        throw error;
      }
    }),
  }),
];
