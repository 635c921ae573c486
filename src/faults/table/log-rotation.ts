import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogRecord } from '../../kit/log-file.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { after, answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { logs } from '../logs.ts';

/** What logs promise that are reopened, rotated, or beside others. */
export const logRotationFaults: readonly Fault[] = [
  fault({
    name: 'log-truncated-by-reopening',
    breaks: 'ReopenContainerLog leaves what is in a log that was not renamed',
    kills: ['log/reopen/without-rename#nothing-lost'],
    how: reopened((path) => {
      writeFileSync(path, '');
    }),
  }),
  fault({
    name: 'log-left-behind-by-reopening',
    breaks: 'a log that was not renamed goes on at its path after ReopenContainerLog',
    kills: ['log/reopen/without-rename#goes-on'],
    how: reopened((path) => {
      // The runtime goes on in the file that it has open.
      renameSync(path, `${path}.aside`);
      copyFileSync(`${path}.aside`, path);
    }),
  }),
  fault({
    name: 'log-empty-at-first',
    breaks: 'lines are in the log as they are written',
    kills: ['log/reopen/without-rename#written', 'log/rotation/fast-writer#written'],
    how: logs(() => () => []),
  }),
  fault({
    name: 'log-falls-silent',
    breaks: 'lines go to the new file of a log each time that it is rotated',
    kills: ['log/rotation/fast-writer#goes-on', 'log/record/order#output'],
    how: logs(() => (record, place) => (place < 150 ? record : [])),
  }),
  fault({
    name: 'log-lines-change-places',
    breaks: 'lines are in the log in the order in which they were written',
    kills: ['log/rotation/fast-writer#no-line-lost'],
    how: logs(() => {
      let held: LogRecord | undefined;
      return (record, place) => {
        if (place % 40 === 20) {
          held = record;
          return [];
        }
        const before = held;
        held = undefined;
        return before ? [record, before] : record;
      };
    }),
  }),
  fault({
    name: 'log-of-next-attempt-goes-to-the-first',
    breaks: 'the log of a container’s next attempt is at its own log_path',
    kills: ['log/file/next-attempt#second'],
    how: request('CreateContainer', ({ config }) => {
      if (config?.metadata?.attempt === 1) config.logPath = firstPath(config.logPath);
    }),
  }),
  fault({
    name: 'log-of-attempt-before-emptied',
    breaks: 'the next attempt of a container leaves the log of the one before alone',
    kills: ['log/file/next-attempt#kept'],
    how: after('CreateContainer', ({ config, sandboxConfig }) => {
      const path = join(sandboxConfig?.logDirectory ?? '', firstPath(config?.logPath ?? ''));
      if (config?.metadata?.attempt === 1 && existsSync(path)) writeFileSync(path, '');
    }),
  }),
  fault({
    name: 'log-of-first-attempt-dropped',
    breaks: 'the log of a container’s first attempt is at its log_path',
    kills: ['log/file/next-attempt#first'],
    how: request('CreateContainer', ({ config }) => {
      if (config?.metadata?.name === 'again' && config.metadata.attempt === 0) config.logPath = '';
    }),
  }),
  fault({
    name: 'log-shared-by-containers',
    breaks: 'each container of a pod has a log of its own',
    kills: ['pod-sandbox/containers/logs#second'],
    rpcs: ['CreateContainer'],
    how: () => {
      const paths = new Map<string, string>();
      return request('CreateContainer', ({ podSandboxId, config }) => {
        if (!config?.logPath) return;
        config.logPath = paths.get(podSandboxId) ?? config.logPath;
        paths.set(podSandboxId, config.logPath);
      });
    },
  }),
  fault({
    name: 'log-path-of-the-neighbour',
    breaks: 'ContainerStatus tells the path of the container’s own log',
    kills: ['pod-sandbox/containers/logs#first'],
    rpcs: ['ContainerStatus'],
    how: () => {
      const paths = new Map<string, string>();
      return answer('ContainerStatus', ({ status }) => {
        if (!status) return;
        const pod = dirname(dirname(status.logPath));
        status.logPath = paths.get(pod) ?? status.logPath;
        paths.set(pod, status.logPath);
      });
    },
  }),
];

/** Does something to a log that is still at its path when it is to be reopened, and tells the runtime nothing. */
function reopened(work: (path: string) => void): Break {
  return around('ReopenContainerLog', (next, { client }) => async (asked, call) => {
    const { status } = await client.runtime.containerStatus({ containerId: asked.containerId });
    if (!status || !existsSync(status.logPath)) return next(asked, call);
    work(status.logPath);
    return {};
  });
}

/** The path of an attempt's log, for attempt 0. */
function firstPath(logPath: string): string {
  return logPath.replace(/1\.log$/, '0.log');
}
