import type { ContainerConfig, LinuxContainerSecurityContext, Mount } from '../cri/messages.ts';
import type { Break } from './break.ts';
import { request } from './combinators.ts';
import type { FaultContext } from './context.ts';

/** Changes the config that a container is made by. */
export function made(change: (config: ContainerConfig, context: FaultContext) => void): Break {
  return request('CreateContainer', ({ config }, context) => {
    if (config) change(config, context);
  });
}

/** Changes the security context that a container is made with. */
export function madeWith(
  change: (security: LinuxContainerSecurityContext, config: ContainerConfig, context: FaultContext) => void,
): Break {
  return made((config, context) => {
    if (config.linux?.securityContext) change(config.linux.securityContext, config, context);
  });
}

/** Changes each mount that a container is made with. */
export function mounted(change: (mount: Mount, context: FaultContext) => void): Break {
  return made(({ mounts }, context) => {
    for (const mount of mounts) change(mount, context);
  });
}

/** Leaves out mounts that a container is made with. @param goes by the mount and those before it */
export function mountsLost(goes: (mount: Mount, before: readonly Mount[]) => boolean): Break {
  return made((config) => {
    config.mounts = config.mounts.filter((mount, place, all) => !goes(mount, all.slice(0, place)));
  });
}
