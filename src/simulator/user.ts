import { StatusError } from '../cri/handler.ts';
import { SupplementalGroupsPolicy } from '../cri/messages.ts';
import type { LinuxContainerSecurityContext, LinuxSandboxSecurityContext } from '../cri/messages.ts';
import { fixtureGroups, fixtureUsers } from '../kit/fixture-images.ts';
import type { User } from './surroundings.ts';

/**
 * The user of a container: the security context's, else the image's (`user`, `uid`, each with `:group`), else root. The
 * image's own /etc/passwd and /etc/group are not read, for layers are not unpacked: those of the fixture images stand for
 * them.
 * @throws StatusError InvalidArgument on a group without a user, and on a name that the simulator does not know.
 */
export function containerUser(context: LinuxContainerSecurityContext | undefined, imageUser: string): User {
  requireUserForGroup(context, context?.runAsUsername ?? '');
  const [imageName = '', imageGroup] = imageUser.split(':');
  const given = context?.runAsUser?.value.toString() ?? context?.runAsUsername ?? '';
  const uid = numberOf(given === '' ? imageName : given);
  const known = fixtureUsers.find((user) => user.uid === uid);
  // A number without an entry in /etc/passwd gets group 0.
  const inherited = given === '' && imageGroup !== undefined ? groupNumber(imageGroup) : (known?.gid ?? 0);
  const gid = context?.runAsGroup ? Number(context.runAsGroup.value) : inherited;
  const strict = context?.supplementalGroupsPolicy === SupplementalGroupsPolicy.Strict;
  const ofImage = strict ? [] : fixtureGroups.filter(({ members }) => members.includes(known?.name ?? ''));
  const groups = [gid, ...ofImage.map((group) => group.gid), ...(context?.supplementalGroups ?? []).map(Number)];
  return { uid, gid, groups: [...new Set(groups)].sort((a, b) => a - b) };
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

function numberOf(user: string): number {
  if (user === '') return 0;
  if (/^\d+$/.test(user)) return Number(user);
  const known = fixtureUsers.find(({ name }) => name === user);
  if (known === undefined) throw unknown('user', user, fixtureUsers);
  return known.uid;
}

function groupNumber(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const known = fixtureGroups.find(({ name }) => name === group);
  if (known === undefined) throw unknown('group', group, fixtureGroups);
  return known.gid;
}

function unknown(kind: string, name: string, known: readonly { readonly name: string }[]): StatusError {
  const names = known.map((one) => one.name).join(', ');
  return new StatusError(
    'InvalidArgument',
    `unable to find ${kind} ${name}: the simulator knows ${names}, and numbers`,
  );
}
