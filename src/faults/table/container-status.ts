import type { ContainerStatus } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, refuses, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const nameless = ' of a container';

/** What ContainerStatus promises to tell of what a container was made from. */
export const containerStatusFaults: readonly Fault[] = [
  fault({
    name: 'attempt-lost',
    breaks: 'ContainerStatus tells the attempt of a container',
    kills: ['container/status/metadata#metadata'],
    how: status((of) => {
      if (of.metadata) of.metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'mounts-of-files-lost',
    breaks: 'ContainerStatus tells of a mount of a single file',
    kills: ['container/status/mounts#mounts'],
    reason: 'where the kubelet looks for the file with the termination message',
    how: status((of) => {
      of.mounts = of.mounts.filter(({ containerPath }) => containerPath !== '/dev/termination-log');
    }),
  }),
  fault({
    name: 'empty-labels-lost',
    breaks: 'ContainerStatus tells every label, those with an empty value too',
    kills: ['container/status/labels#labels'],
    how: status((of) => {
      of.labels = Object.fromEntries(Object.entries(of.labels).filter(([, value]) => value !== ''));
    }),
  }),
  fault({
    name: 'annotation-added',
    breaks: 'ContainerStatus tells the annotations that were given and no others',
    kills: ['container/status/annotations#annotations'],
    how: status((of) => {
      of.annotations['crible.example/of-the-runtime'] = 'true';
    }),
  }),
  fault({
    name: 'mounts-are-writable',
    breaks: 'ContainerStatus tells which mounts are read-only',
    kills: ['container/status/mounts#mounts'],
    reason: 'the mounts are all there and one field of theirs is wrong, where mounts-of-files-lost leaves some out',
    how: status((of) => {
      for (const mount of of.mounts) mount.readonly = false;
    }),
  }),
  fault({
    name: 'log-path-is-relative',
    breaks: 'ContainerStatus tells where the log of a container is on the host',
    kills: ['container/status/log-path#log-path'],
    how: status((of) => {
      of.logPath = of.logPath.slice(of.logPath.lastIndexOf('/') + 1);
    }),
  }),
  fault({
    name: 'image-of-container-unnamed',
    breaks: 'ContainerStatus names the image of a container',
    kills: ['container/status/image#image-not-empty'],
    how: status((of) => {
      delete of.image;
    }),
  }),
  fault({
    name: 'image-of-container-refused',
    breaks: 'ImageStatus takes the name that a container gives its image',
    kills: ['container/status/image#image-status'],
    how: [
      status((of) => {
        if (of.image) of.image.image += nameless;
      }),
      refuses('ImageStatus', 'InvalidArgument', ({ image }) => image?.image.endsWith(nameless) ?? false),
    ],
  }),
  fault({
    name: 'image-of-container-not-found',
    breaks: 'ImageStatus finds an image by the name that a container gives it',
    kills: ['container/status/image#image-found'],
    how: status((of) => {
      if (of.image) of.image.image += '-gone';
    }),
  }),
  fault({
    name: 'image-ref-of-container-empty',
    breaks: 'ContainerStatus tells the image_ref of a container',
    kills: ['container/status/image#image-ref-not-empty'],
    how: status((of) => {
      of.imageRef = '';
    }),
  }),
  fault({
    name: 'image-ref-of-container-refused',
    breaks: 'ImageStatus takes the image_ref of a container',
    kills: ['container/status/image#image-ref-status'],
    how: [
      status((of) => {
        of.imageRef += nameless;
      }),
      refuses('ImageStatus', 'InvalidArgument', ({ image }) => image?.image.endsWith(nameless) ?? false),
    ],
  }),
  fault({
    name: 'image-ref-of-container-not-found',
    breaks: 'ImageStatus finds an image by the image_ref of a container',
    kills: ['container/status/image#image-ref-found'],
    how: status((of) => {
      of.imageRef = `sha256:${'0'.repeat(64)}`;
    }),
  }),
  fault({
    name: 'container-info-unasked',
    breaks: 'ContainerStatus adds debugging information only when it is asked to be verbose',
    kills: ['container/status/info-only-when-verbose#no-info'],
    how: request('ContainerStatus', (asked) => {
      asked.verbose = true;
    }),
  }),
  fault({
    name: 'container-info-is-no-json',
    breaks: 'the debugging information of ContainerStatus is JSON',
    kills: ['container/status/info-only-when-verbose#json'],
    how: answer('ContainerStatus', ({ info }, { verbose }) => {
      if (verbose) info['pid'] = 'pid: 1';
    }),
  }),
];

function status(change: (status: ContainerStatus) => void): Break {
  return answer('ContainerStatus', (answered) => {
    if (answered.status) change(answered.status);
  });
}
