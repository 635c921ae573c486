import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, MountSchema } from '../../cri/messages.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made, mounted, mountsLost } from '../made.ts';

/** What of the host a container sees by its mounts. */
export const containerMountFaults: readonly Fault[] = [
  fault({
    name: 'mount-of-another-folder',
    breaks: 'a container sees the folder of the host that its mount names',
    kills: [
      'container/mount/both-directions#read',
      'container/mount/symlink#read',
      'container/mount/read-only#read',
      'container/mount/read-only-submount#submount',
    ],
    how: mounted((mount, context) => {
      if (mount.containerPath.startsWith('/mnt/')) mount.hostPath = emptyFolder(context);
    }),
  }),
  fault({
    name: 'mount-is-read-only',
    breaks: 'a container can write to a mount that is not read-only',
    kills: ['container/mount/both-directions#written'],
    how: mounted((mount) => {
      mount.readonly = true;
    }),
  }),
  fault({
    name: 'mount-is-not-read-only',
    breaks: 'a container cannot write to a mount that is read-only',
    kills: ['container/mount/read-only#refused', 'container/mount/read-only-submount#mount'],
    how: mounted((mount) => {
      mount.readonly = false;
    }),
  }),
  fault({
    name: 'mount-without-source-left-out',
    breaks: 'a container does not run without one of its mounts',
    kills: ['container/mount/missing-source#refused-or-mounted'],
    how: mountsLost(({ hostPath }) => !existsSync(hostPath)),
  }),
  fault({
    name: 'mount-of-another-file',
    breaks: 'a container sees the file of the host that its mount names',
    kills: ['container/mount/file#file'],
    how: mounted((mount, context) => {
      if (mount.containerPath !== '/etc/group') return;
      mount.hostPath = join(emptyFolder(context), 'file');
      writeFileSync(mount.hostPath, 'another file');
    }),
  }),
  fault({
    name: 'file-mount-hides-another-file',
    breaks: 'a container sees the files of its image beside one that is mounted',
    kills: ['container/mount/file#others'],
    how: made(({ mounts }, context) => {
      if (!mounts.some(({ containerPath }) => containerPath === '/etc/group')) return;
      const hostPath = join(emptyFolder(context), 'file');
      writeFileSync(hostPath, '');
      mounts.push(create(MountSchema, { containerPath: '/etc/passwd', hostPath }));
    }),
  }),
  fault({
    name: 'nested-mount-lost',
    breaks: 'a container sees a mount below another that comes before it',
    kills: ['container/mount/nested#outer-first'],
    how: mountsLost((mount, before) => before.some((other) => isBelow(mount, other))),
  }),
  fault({
    name: 'nested-mount-hidden',
    breaks: 'a container sees a mount below another that comes after it',
    kills: ['container/mount/nested#inner-first'],
    how: made((config) => {
      config.mounts = config.mounts.filter(
        (mount, place, all) => !all.slice(place).some((later) => isBelow(mount, later)),
      );
    }),
  }),
  fault({
    name: 'mount-at-absent-path-lost',
    breaks: 'a container sees a mount at a path that its image does not have',
    kills: ['container/mount/absent-path#read'],
    how: mountsLost(({ containerPath }) => containerPath.startsWith('/not/')),
  }),
  fault({
    name: 'mount-at-path-of-image-lost',
    breaks: 'a container sees a mount at a path where its image has a folder',
    kills: ['container/mount/hides-image#content'],
    how: mountsLost(({ containerPath }) => containerPath === '/home'),
  }),
];

function emptyFolder({ folder }: FaultContext): string {
  const path = join(folder, 'mounts', randomUUID());
  mkdirSync(path, { recursive: true });
  return path;
}

function isBelow(inner: { readonly containerPath: string }, outer: { readonly containerPath: string }): boolean {
  return inner.containerPath.startsWith(`${outer.containerPath}/`);
}
