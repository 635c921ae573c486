import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setInterval as ticks } from 'node:timers/promises';
import type { CriClient } from '../../cri/client.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { after, postpones } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { neverReopensLogs } from '../logs.ts';

/** What becomes of log files when they are reopened, and when their container goes. */
export const logReopenFaults: readonly Fault[] = [
  fault({
    name: 'log-reopened-late',
    breaks: 'the new log file is there when ReopenContainerLog returns',
    kills: ['log/reopen/after-rename#new-file-at-once'],
    reason: 'late, where log-not-reopened never does it',
    how: postpones('ReopenContainerLog', {}, 500),
  }),
  fault({
    name: 'log-reopened-in-vain',
    breaks: 'lines go to the new log file after ReopenContainerLog',
    kills: ['log/reopen/after-rename#new-file-written'],
    rpcs: ['CreateContainer', 'ReopenContainerLog'],
    how: () => {
      const paths = new Map<string, string>();
      return [
        ...neverReopensLogs(),
        after('CreateContainer', ({ config, sandboxConfig }, { containerId }) => {
          paths.set(containerId, join(sandboxConfig?.logDirectory ?? '', config?.logPath ?? ''));
        }),
        after('ReopenContainerLog', ({ containerId }) => {
          writeFileSync(paths.get(containerId) ?? '', '');
        }),
      ];
    },
  }),
  fault({
    name: 'log-goes-on-in-both',
    breaks: 'the old log file is left alone after ReopenContainerLog',
    kills: ['log/reopen/after-rename#old-file-left-alone'],
    how: after('ReopenContainerLog', async ({ containerId }, _, { client, signal }) => {
      const old = await othersThan(client, containerId);
      void goOn(old, AbortSignal.any([signal, AbortSignal.timeout(2000)])).catch(() => undefined);
    }),
  }),
  fault({
    name: 'log-made-by-refused-reopening',
    breaks: 'a ReopenContainerLog that is refused makes no file',
    kills: ['log/reopen/exited-container#new-file'],
    how: whenRefused(async (client, containerId) => {
      writeFileSync(await logPathOf(client, containerId), '');
    }),
  }),
  fault({
    name: 'log-emptied-by-refused-reopening',
    breaks: 'a ReopenContainerLog that is refused leaves the old file as it is',
    kills: ['log/reopen/exited-container#old-file'],
    how: whenRefused(async (client, containerId) => {
      for (const path of await othersThan(client, containerId)) writeFileSync(path, '');
    }),
  }),
  fault({
    name: 'log-goes-with-its-container',
    breaks: 'the log of a container stays when it is removed',
    kills: ['log/file/outlives-container#still-there'],
    how: around('RemoveContainer', (next, { client }) => async (asked, call) => {
      const path = await logPathOf(client, asked.containerId).catch(() => undefined);
      const done = await next(asked, call);
      if (path) rmSync(path, { force: true });
      return done;
    }),
  }),
];

async function logPathOf(client: CriClient, containerId: string): Promise<string> {
  const { status } = await client.runtime.containerStatus({ containerId });
  return status?.logPath ?? '';
}

/** The files beside the log of a container: those that it was renamed to. */
async function othersThan(client: CriClient, containerId: string): Promise<readonly string[]> {
  const path = await logPathOf(client, containerId);
  const names = readdirSync(dirname(path)).filter((name) => name !== basename(path));
  return names.map((name) => join(dirname(path), name));
}

/** Goes on writing records to files until it is told to end. */
async function goOn(paths: readonly string[], signal: AbortSignal): Promise<void> {
  for await (const line of ticks(20, 'late', { signal })) {
    for (const path of paths) appendFileSync(path, `${new Date().toISOString()} stdout F ${line}\n`);
  }
}

function whenRefused(work: (client: CriClient, containerId: string) => Promise<void>): Break {
  return around('ReopenContainerLog', (next, { client }) => async (asked, call) => {
    try {
      return await next(asked, call);
    } catch (error) {
      await work(client, asked.containerId);
      throw error;
    }
  });
}
