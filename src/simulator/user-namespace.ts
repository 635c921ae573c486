import { StatusError } from '../cri/handler.ts';
import { NamespaceMode } from '../cri/messages.ts';
import type { IDMapping, PodSandboxConfig, UserNamespace } from '../cri/messages.ts';

/**
 * A pod has the node's users, or one range of them with root among them (KEP-127).
 * @throws StatusError InvalidArgument on any other user namespace
 */
export function requireUserNamespace(asked: UserNamespace | undefined): void {
  if (asked === undefined) return;
  const { mode, uids, gids } = asked;
  switch (mode) {
    case NamespaceMode.POD:
      requireMapping('uids', uids);
      requireMapping('gids', gids);
      return;
    case NamespaceMode.NODE:
      if (uids.length + gids.length === 0) return;
      throw new StatusError('InvalidArgument', 'the node’s user namespace has no mappings of a pod’s');
    case NamespaceMode.CONTAINER:
    case NamespaceMode.TARGET:
      throw new StatusError('InvalidArgument', `userns_options.mode must not be ${NamespaceMode[mode]}`);
  }
}

function requireMapping(field: string, mappings: readonly IDMapping[]): void {
  const [mapping, ...others] = mappings;
  if (mapping === undefined || others.length > 0)
    throw new StatusError('InvalidArgument', `userns_options.${field} must be one mapping`);
  if (mapping.containerId !== 0 || mapping.length === 0)
    throw new StatusError('InvalidArgument', `userns_options.${field} must map 0`);
}

/** What the processes of a pod read of their user namespace, as user_namespaces(7) has it. */
export function idMaps({ linux }: PodSandboxConfig): ReadonlyMap<string, string> {
  const asked = linux?.securityContext?.namespaceOptions?.usernsOptions;
  const of = (mappings: readonly IDMapping[]): string => {
    const { containerId, hostId, length } = mappings[0] ?? { containerId: 0, hostId: 0, length: 4_294_967_295 };
    return `${[containerId, hostId, length].map((id) => String(id).padStart(10)).join(' ')}\n`;
  };
  return new Map([
    ['/proc/self/uid_map', of(asked?.uids ?? [])],
    ['/proc/self/gid_map', of(asked?.gids ?? [])],
  ]);
}
