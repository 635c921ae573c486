import { StatusError } from '../cri/handler.ts';
import type { LinuxContainerSecurityContext, LinuxSandboxSecurityContext } from '../cri/messages.ts';
import type { User } from './surroundings.ts';

/** Names that every image of use has. The image's own /etc/passwd is not read: layers are not unpacked. */
const knownUsers: Readonly<Record<string, number>> = { root: 0, nobody: 65_534 };

/**
 * The user of a container: the security context's, else the image's (`user`, `uid`, each with `:group`), else root.
 * @throws StatusError InvalidArgument on a group without a user, and on a name that the simulator does not know.
 */
export function containerUser(context: LinuxContainerSecurityContext | undefined, imageUser: string): User {
  requireUserForGroup(context, context?.runAsUsername ?? '');
  const [imageName = '', imageGroup] = imageUser.split(':');
  const given = context?.runAsUser?.value.toString() ?? context?.runAsUsername ?? '';
  const uid = numericId(given === '' ? imageName : given);
  // The user's own group, as /etc/passwd of root and nobody has it; a number without an entry there gets group 0.
  const ownGroup = Object.values(knownUsers).includes(uid) ? uid : 0;
  const inherited = given === '' && imageGroup !== undefined ? numericId(imageGroup) : ownGroup;
  const gid = context?.runAsGroup ? Number(context.runAsGroup.value) : inherited;
  return { uid, gid, groups: [...new Set([gid, ...(context?.supplementalGroups ?? []).map(Number)])] };
}

/** @throws StatusError InvalidArgument: run_as_group is only valid beside a user. */
export function requireUserForGroup(
  context: LinuxContainerSecurityContext | LinuxSandboxSecurityContext | undefined,
  username: string,
): void {
  if (context?.runAsGroup && !context.runAsUser && username === '') {
    throw new StatusError('InvalidArgument', 'run_as_group is given without a user');
  }
}

function numericId(text: string): number {
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const known = Object.hasOwn(knownUsers, text) ? knownUsers[text] : undefined;
  if (known === undefined) {
    const names = Object.keys(knownUsers).join(' and ');
    throw new StatusError('InvalidArgument', `unable to find user ${text}: the simulator knows ${names}, and numbers`);
  }
  return known;
}
