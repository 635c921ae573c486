import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { create, MountSchema } from '../../cri/messages.ts';
import type { Mount } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made, mounted, mountsLost } from '../made.ts';

const provenOn = 'simulator';
const needsContainerd = 'on containerd 2.1 or later, for 1.6 mounts no images';

/** What mounts of images promise. */
export const imageVolumeFaults: readonly Fault[] = [
  fault({
    name: 'image-volume-untold',
    breaks: 'ContainerStatus tells the mounts of images',
    kills: ['container/image-volume/status#reported'],
    provenOn,
    how: answer('ContainerStatus', ({ status }) => {
      if (status) status.mounts = status.mounts.filter(({ image }) => image === undefined);
    }),
  }),
  fault({
    name: 'image-volume-told-writable',
    breaks: 'ContainerStatus tells that the mount of an image is read-only',
    kills: ['container/image-volume/status#readonly'],
    provenOn,
    how: told((mount) => {
      mount.readonly = false;
    }),
  }),
  fault({
    name: 'image-volume-of-another-image-told',
    breaks: 'ContainerStatus names the image of a mount as its pull did',
    kills: ['container/image-volume/status#image-ref'],
    provenOn,
    how: told(({ image }) => {
      if (image) image.imageRef = 'another image';
    }),
  }),
  fault({
    name: 'status-with-image-volume-refused',
    breaks: 'ContainerStatus of a container with the mount of an image succeeds',
    kills: ['container/image-volume/status#status'],
    provenOn,
    how: refuses('ContainerStatus', 'Internal'),
  }),
  fault({
    name: 'status-with-image-volume-empty',
    breaks: 'ContainerStatus of a container with the mount of an image tells its status',
    kills: ['container/image-volume/status#status-set'],
    provenOn,
    how: answer('ContainerStatus', (answered) => {
      delete answered.status;
    }),
  }),
  fault({
    name: 'image-volume-left-out',
    breaks: 'a container has the mounts of images that its config names',
    kills: [],
    reason: `fails container/image-volume/{content,sub-path,missing-sub-path} ${needsContainerd}`,
    how: mountsLost(({ image }) => image !== undefined),
  }),
  fault({
    name: 'image-volume-is-writable',
    breaks: 'nothing is written to the mount of an image',
    kills: [],
    reason: `fails container/image-volume/content at read-only ${needsContainerd}`,
    how: made(({ mounts }, { folder }) => {
      if (!mounts.some(({ image }) => image !== undefined)) return;
      const hostPath = join(folder, 'writable');
      mkdirSync(hostPath, { recursive: true });
      mounts.push(create(MountSchema, { containerPath: '/mnt/image/tmp', hostPath }));
    }),
  }),
  fault({
    name: 'image-volume-may-be-writable',
    breaks: 'the mount of an image is never writable',
    kills: [],
    reason: `fails container/image-volume/never-writable ${needsContainerd}`,
    how: mounted((mount, { folder }) => {
      if (mount.image === undefined || mount.readonly) return;
      delete mount.image;
      mount.hostPath = join(folder, 'writable');
      mkdirSync(mount.hostPath, { recursive: true });
    }),
  }),
];

function told(change: (mount: Mount) => void): Break {
  return answer('ContainerStatus', ({ status }) => {
    for (const mount of status?.mounts ?? []) change(mount);
  });
}
