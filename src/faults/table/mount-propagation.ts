import { MountPropagation } from '../../cri/messages.ts';
import type { Mount } from '../../cri/messages.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { mounted } from '../made.ts';

const { PROPAGATION_PRIVATE, PROPAGATION_HOST_TO_CONTAINER, PROPAGATION_BIDIRECTIONAL } = MountPropagation;

/** How mounts spread between the host and containers, and which of them are read-only throughout. */
export const mountPropagationFaults: readonly Fault[] = [
  propagates('private-mount-spreads', PROPAGATION_PRIVATE, PROPAGATION_BIDIRECTIONAL, {
    breaks: 'the host does not see what is mounted in a private mount of a container',
    kills: ['container/mount/private#on-host'],
  }),
  propagates('private-mount-follows', PROPAGATION_PRIVATE, PROPAGATION_HOST_TO_CONTAINER, {
    breaks: 'a container does not see what the host mounts in a private mount of it',
    kills: ['container/mount/private#in-container'],
  }),
  propagates('mount-from-host-spreads', PROPAGATION_HOST_TO_CONTAINER, PROPAGATION_BIDIRECTIONAL, {
    breaks: 'the host does not see what a container mounts where mounts come from the host alone',
    kills: ['container/mount/host-to-container#on-host'],
  }),
  propagates('mount-from-host-is-private', PROPAGATION_HOST_TO_CONTAINER, PROPAGATION_PRIVATE, {
    breaks: 'a container sees what the host mounts where mounts come from the host',
    kills: ['container/mount/host-to-container#in-container'],
  }),
  propagates('bidirectional-mount-is-private', PROPAGATION_BIDIRECTIONAL, PROPAGATION_PRIVATE, {
    breaks: 'a container sees what the host mounts where mounts spread both ways',
    kills: ['container/mount/bidirectional#in-container'],
  }),
  propagates('bidirectional-mount-follows', PROPAGATION_BIDIRECTIONAL, PROPAGATION_HOST_TO_CONTAINER, {
    breaks: 'the host sees what a container mounts where mounts spread both ways',
    kills: ['container/mount/bidirectional#on-host'],
  }),
  fault({
    name: 'propagation-told-wrongly',
    breaks: 'ContainerStatus tells the propagation of mounts',
    kills: [
      'container/mount/private#reported',
      'container/mount/host-to-container#reported',
      'container/mount/bidirectional#reported',
    ],
    how: told((mount) => {
      mount.propagation = mount.propagation === PROPAGATION_PRIVATE ? PROPAGATION_BIDIRECTIONAL : PROPAGATION_PRIVATE;
    }),
  }),
  contradiction('recursive-read-only-mount-from-host', 'with-host-to-container', ({ propagation }) => {
    return propagation === PROPAGATION_HOST_TO_CONTAINER;
  }),
  contradiction('recursive-read-only-mount-both-ways', 'with-bidirectional', ({ propagation }) => {
    return propagation === PROPAGATION_BIDIRECTIONAL;
  }),
  contradiction('recursive-read-only-mount-writable', 'without-readonly', ({ readonly }) => !readonly),
  fault({
    name: 'recursive-read-only-mount-is-writable',
    breaks: 'a recursively read-only mount is read-only',
    kills: [],
    reason: 'fails container/mount/recursive-read-only at mount on containerd 2, for 1.6 declares no such feature',
    how: mounted((mount) => {
      if (mount.recursiveReadOnly) mount.recursiveReadOnly = mount.readonly = false;
    }),
  }),
  fault({
    name: 'recursive-read-only-ignored',
    breaks: 'what lies below a recursively read-only mount is read-only',
    kills: [],
    reason: 'fails container/mount/recursive-read-only on containerd 2, for 1.6 declares no such feature',
    how: mounted((mount) => {
      mount.recursiveReadOnly = false;
    }),
  }),
];

/** Makes mounts of one propagation with another, and tells the one that was asked for. */
function propagates(
  name: string,
  from: MountPropagation,
  to: MountPropagation,
  { breaks, kills }: { readonly breaks: string; readonly kills: readonly string[] },
): Fault {
  const request = mounted((mount) => {
    if (isShared(mount) && mount.propagation === from) mount.propagation = to;
  });
  const status = told((mount) => {
    if (isShared(mount) && mount.propagation === to) mount.propagation = from;
  });
  return fault({ name, breaks, kills, how: [request, status] });
}

function isShared({ containerPath }: Mount): boolean {
  return containerPath === '/mnt/shared';
}

function told(change: (mount: Mount) => void): ReturnType<typeof mounted> {
  return answer('ContainerStatus', ({ status }) => {
    for (const mount of status?.mounts ?? []) change(mount);
  });
}

/** Accepts a recursively read-only mount that contradicts itself. */
function contradiction(name: string, key: string, contradicts: (mount: Mount) => boolean): Fault {
  return fault({
    name,
    breaks: `a recursively read-only mount ${key.replaceAll('-', ' ')} is refused`,
    kills: [`container/mount/recursive-read-only-contradicted#${key}`],
    provenOn: 'simulator',
    how: mounted((mount) => {
      if (contradicts(mount)) mount.recursiveReadOnly = false;
    }),
  });
}
