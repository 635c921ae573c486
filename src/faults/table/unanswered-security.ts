/** Which expectations about a container's confinement and mounts fail when a call is not answered any more. */
export const unansweredSecurityKills = {
  'ContainerStatus 1 empty': [
    'container/mount/private#status-set',
    'container/mount/host-to-container#status-set',
    'container/mount/bidirectional#status-set',
  ],
  'ContainerStatus 1 refused': [
    'container/mount/private#status',
    'container/mount/host-to-container#status',
    'container/mount/bidirectional#status',
  ],
  'ExecSync 1 refused': [
    'container/mount/private#exec',
    'container/mount/host-to-container#exec',
    'container/mount/bidirectional#exec',
    'container/seccomp/runtime-default#exec',
    'container/seccomp/localhost#exec',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
