import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StatusError } from '../../cri/handler.ts';
import { create, MountSchema } from '../../cri/messages.ts';
import type { ContainerConfig, Device } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made, madeWith } from '../made.ts';

/** What a container can write, see and open. */
export const containerFilesystemFaults: readonly Fault[] = [
  fault({
    name: 'root-always-read-only',
    breaks: 'the root file system of a container is writable without readonly_rootfs',
    kills: ['container/filesystem/read-only-root#writable'],
    how: madeWith((security, { command }) => {
      // Set-up waits for a file that a container makes when it is ready.
      if (!command.join(' ').includes('/tmp/ready')) security.readonlyRootfs = true;
    }),
  }),
  fault({
    name: 'root-never-read-only',
    breaks: 'the root file system of a container is read-only with readonly_rootfs',
    kills: ['container/filesystem/read-only-root#read-only'],
    how: madeWith((security) => {
      security.readonlyRootfs = false;
    }),
  }),
  fault({
    name: 'shared-memory-read-only-with-the-root',
    breaks: 'the shared memory of a container is writable, whatever its root is',
    kills: ['container/filesystem/mounts-stay-writable#shared-memory'],
    how: made((config, { folder }) => {
      if (!hasReadOnlyRoot(config)) return;
      const hostPath = join(folder, 'shared-memory');
      mkdirSync(hostPath, { recursive: true });
      config.mounts.push(create(MountSchema, { containerPath: '/dev/shm', hostPath, readonly: true }));
    }),
  }),
  fault({
    name: 'mounts-read-only-with-the-root',
    breaks: 'a mount is writable unless it says otherwise, whatever the root is',
    kills: ['container/filesystem/mounts-stay-writable#mount'],
    how: made((config) => {
      if (hasReadOnlyRoot(config)) for (const mount of config.mounts) mount.readonly = true;
    }),
  }),
  fault({
    name: 'written-files-forgotten',
    breaks: 'a container finds what it wrote',
    kills: ['container/filesystem/own-layer#written'],
    how: swallow('ExecSync', {}, ({ cmd }) => cmd[0] === 'touch'),
  }),
  fault({
    name: 'layer-shared-by-containers',
    breaks: 'what a container writes is its own',
    kills: ['container/filesystem/own-layer#unseen'],
    how: request('CreateContainer', ({ config, podSandboxId }, { folder }) => {
      const hostPath = join(folder, 'layer', podSandboxId);
      mkdirSync(hostPath, { recursive: true });
      config?.mounts.push(create(MountSchema, { containerPath: '/var/crible', hostPath }));
    }),
  }),
  fault({
    name: 'masked-file-seen',
    breaks: 'a file among the masked paths is hidden',
    kills: ['container/filesystem/masked-paths#file'],
    how: without('maskedPaths', '/etc/group'),
  }),
  fault({
    name: 'masked-folder-seen',
    breaks: 'a folder among the masked paths is hidden',
    kills: ['container/filesystem/masked-paths#folder'],
    how: without('maskedPaths', '/home'),
  }),
  fault({
    name: 'masked-more-than-asked',
    breaks: 'a file that is not among the masked paths is seen',
    kills: ['container/filesystem/masked-paths#others-stay'],
    how: madeWith(({ maskedPaths }) => {
      if (maskedPaths.includes('/etc/group')) maskedPaths.push('/etc/passwd');
    }),
  }),
  fault({
    name: 'readonly-path-writable',
    breaks: 'a readonly path is read-only',
    kills: ['container/filesystem/readonly-paths#read-only'],
    how: without('readonlyPaths', '/tmp'),
  }),
  fault({
    name: 'readonly-more-than-asked',
    breaks: 'a path that is not among the readonly ones is writable',
    kills: ['container/filesystem/readonly-paths#others-writable'],
    how: madeWith(({ readonlyPaths }) => {
      if (readonlyPaths.includes('/tmp')) readonlyPaths.push('/var/tmp');
    }),
  }),
  fault({
    name: 'kernel-settings-writable',
    breaks: 'a container cannot write to /proc/sys when that is a readonly path',
    kills: ['container/filesystem/readonly-paths#kernel'],
    how: without('readonlyPaths', '/proc/sys'),
  }),
  fault({
    name: 'device-lost',
    breaks: 'a container has the devices of its config',
    kills: ['container/device/of-node#is-there'],
    reason: 'all devices, where second-device-lost drops one',
    how: made((config) => {
      config.devices = [];
    }),
  }),
  fault({
    name: 'device-cannot-be-opened',
    breaks: 'a container may open a device as its permissions say',
    kills: ['container/device/of-node#opens', 'container/device/permissions#reads'],
    how: devices((device) => {
      device.permissions = 'm';
    }),
  }),
  fault({
    name: 'device-writable-unasked',
    breaks: 'a container may not write to a device unless its permissions say so',
    kills: ['container/device/permissions#does-not-write'],
    how: devices((device) => {
      device.permissions = 'rwm';
    }),
  }),
  fault({
    name: 'no-new-privs-lost',
    breaks: 'a set-uid program gives no rights with no_new_privs',
    kills: ['container/process/no-new-privs#with'],
    how: madeWith((security) => {
      security.noNewPrivs = false;
    }),
  }),
  fault({
    name: 'no-new-privs-always',
    breaks: 'a set-uid program gives rights without no_new_privs',
    kills: ['container/process/no-new-privs#without'],
    how: madeWith((security) => {
      security.noNewPrivs = true;
    }),
  }),
  fault({
    name: 'exec-sync-in-second-container-refused',
    breaks: 'ExecSync executes a command in each container of a sandbox',
    kills: [
      'container/device/of-node#exec-list',
      'container/filesystem/own-layer#exec-reader',
      'container/filesystem/read-only-root#exec-sealed',
      'container/filesystem/readonly-paths#exec-kernel',
      'container/namespace/ipc-of-pod#exec-other',
      'container/namespace/network-of-pod#exec-other',
    ],
    rpcs: ['CreateContainer', 'ExecSync', 'RemoveContainer'],
    how: () => {
      // By sandbox, the oldest first; those of earlier cases have been removed.
      const containers = new Map<string, string[]>();
      return [
        around('CreateContainer', (next) => async (asked, call) => {
          const created = await next(asked, call);
          containers.set(asked.podSandboxId, [...(containers.get(asked.podSandboxId) ?? []), created.containerId]);
          return created;
        }),
        around('ExecSync', (next) => async (asked, call) => {
          const isLater = [...containers.values()].some((ids) => ids.indexOf(asked.containerId) > 0);
          if (isLater) throw new StatusError('Internal', 'ExecSync is refused');
          return next(asked, call);
        }),
        around('RemoveContainer', (next) => async (asked, call) => {
          for (const [podSandboxId, ids] of containers) {
            const left = ids.filter((id) => id !== asked.containerId);
            containers.set(podSandboxId, left);
          }
          return next(asked, call);
        }),
      ];
    },
  }),
];

function without(field: 'maskedPaths' | 'readonlyPaths', lost: string): Break {
  return madeWith((security) => {
    security[field] = security[field].filter((path) => path !== lost);
  });
}

function devices(change: (device: Device) => void): Break {
  return made((config) => {
    config.devices.forEach(change);
  });
}

function hasReadOnlyRoot({ linux }: ContainerConfig): boolean {
  return linux?.securityContext?.readonlyRootfs ?? false;
}
