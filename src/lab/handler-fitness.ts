import { coerce, lt } from 'semver';
import type { Binary } from '../model/target.ts';

/**
 * crun before 1.14.3 refuses every OCI configuration whose version is not 1.0 ("unknown version specified"; its NEWS says
 * when that check went), and containerd 1.7 and later write 1.1 and 1.2. A handler's `base_runtime_spec` is no way
 * around: containerd does not build the sandbox's own configuration on it.
 */
const firstTolerantCrun = '1.14.3';
const firstNewerContainerd = '1.7.0';

/** Why a handler's program cannot run what this containerd hands it, as a limit of the lab; undefined when it can. */
export function handlerFlaw(handler: Binary, containerd: Binary): string | undefined {
  const own = coerce(handler.version);
  const daemon = coerce(containerd.version);
  if (handler.name !== 'crun' || !own || !daemon) return undefined;
  if (!lt(own, firstTolerantCrun) || lt(daemon, firstNewerContainerd)) return undefined;
  return `no handler crun: crun ${own.version} accepts only OCI configurations of version 1.0, and containerd ${daemon.version} writes later ones`;
}
