import { create, Int64ValueSchema, SupplementalGroupsPolicy } from '../../cri/messages.ts';
import type { ContainerStatus, LinuxContainerSecurityContext } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fromNth } from '../counted.ts';
import type { Instead } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { madeWith } from '../made.ts';

const { Merge } = SupplementalGroupsPolicy;
const provenOn = 'simulator';

/** Who the processes of a container are. */
export const containerUserFaults: readonly Fault[] = [
  fault({
    name: 'username-of-another',
    breaks: 'a container runs as the user of the name that its config gives',
    kills: ['container/user/run-as-username#user'],
    how: madeWith((security) => {
      if (security.runAsUsername !== '') security.runAsUsername = 'daemon';
    }),
  }),
  fault({
    name: 'username-without-its-group',
    breaks: 'a container that runs as a user by name has the group of that user',
    kills: ['container/user/run-as-username#group'],
    how: madeWith((security) => {
      if (security.runAsUsername === 'www-data') security.runAsGroup = int64(0n);
    }),
  }),
  fault({
    name: 'unknown-username-is-root',
    breaks: 'no container runs as a user that its image does not know',
    kills: ['container/user/unknown-username#refused'],
    how: madeWith((security) => {
      if (security.runAsUsername.startsWith('crible-')) security.runAsUsername = '';
    }),
  }),
  fault({
    name: 'group-without-user-forgotten',
    breaks: 'CreateContainer with a group and without a user is refused',
    kills: ['container/user/group-without-user#refused'],
    how: madeWith((security) => {
      if (security.runAsUser === undefined && security.runAsUsername === '') delete security.runAsGroup;
    }),
  }),
  fault({
    name: 'pod-sandbox-group-without-user-forgotten',
    breaks: 'RunPodSandbox with a group and without a user is refused',
    kills: ['pod-sandbox/run/group-without-user#refused'],
    how: request('RunPodSandbox', ({ config }) => {
      const security = config?.linux?.securityContext;
      if (security?.runAsUser === undefined) delete security?.runAsGroup;
    }),
  }),
  ofImage('user-uid', (security) => {
    security.runAsUser = int64(0n);
  }),
  ofImage('user-name', (security) => {
    security.runAsUser = int64(0n);
  }),
  ofImage('user-uid-gid', (security) => {
    security.runAsUser = int64(1003n);
  }),
  ofImage('user-name-gid', (security) => {
    security.runAsUsername = 'www-data';
  }),
  fault({
    name: 'supplemental-groups-lost',
    breaks: 'a container has the supplemental groups of its config',
    kills: ['container/user/supplemental-groups#groups'],
    reason: 'all groups, where groups-of-16-bits changes large ones',
    how: madeWith((security) => {
      security.supplementalGroups = [];
    }),
  }),
  fault({
    name: 'exec-without-groups',
    breaks: 'a command that is executed in a container has the groups of the container',
    kills: ['container/user/of-exec#identity'],
    how: answer('ExecSync', (answered, { cmd }) => {
      if (cmd.join(' ').includes('id -G')) answered.stdout = Buffer.from('1007\n4321\n4321\n');
    }),
  }),
  fault({
    name: 'groups-of-image-forgotten',
    breaks: 'a container has the groups that the image’s /etc/group gives its user',
    kills: ['container/user/groups-of-image#groups'],
    how: madeWith((security) => {
      // The group stays, the name of the user is lost, and with it what /etc/group says of it.
      if (security.runAsUser?.value !== 1000n) return;
      security.runAsUser = int64(1009n);
      security.runAsGroup = int64(1000n);
    }),
  }),
  fault({
    name: 'groups-of-image-always-added',
    breaks: 'a container has no groups of the image with the policy Strict',
    kills: ['container/user/groups-strict#groups'],
    provenOn,
    how: madeWith((security) => {
      security.supplementalGroupsPolicy = Merge;
    }),
  }),
  fault({
    name: 'groups-of-image-not-in-status',
    breaks: 'ContainerStatus.user has the groups that the image’s /etc/group gives the user',
    kills: ['container/status/user#merge'],
    provenOn,
    how: status(({ user }) => {
      if (user?.linux) user.linux.supplementalGroups = user.linux.supplementalGroups.filter((gid) => gid !== 50_000n);
    }),
  }),
  fault({
    name: 'groups-of-image-in-status-with-strict',
    breaks: 'ContainerStatus.user has no groups that the process has not',
    kills: ['container/status/user#strict'],
    provenOn,
    how: status(({ user }) => {
      const groups = user?.linux?.supplementalGroups ?? [];
      if (!groups.includes(50_000n)) groups.push(50_000n);
    }),
  }),
  statusLost(1, 'refused', 'status-merge'),
  statusLost(1, 'empty', 'status-merge-set'),
  statusLost(2, 'refused', 'status-strict'),
  statusLost(2, 'empty', 'status-strict-set'),
];

/** Names another user for the containers of an image, or the same without its group. */
function ofImage(image: string, change: (security: LinuxContainerSecurityContext) => void): Fault {
  return fault({
    name: `image-${image}-not-whole`,
    breaks: 'a container whose config names no user runs as the USER of its image, with its group',
    kills: [`container/user/of-image#${image}`],
    how: madeWith((security, config) => {
      if (config.image?.userSpecifiedImage.includes(`/${image}:`) === true) change(security);
    }),
  });
}

function status(change: (status: ContainerStatus) => void): Break {
  return answer('ContainerStatus', (answered) => {
    if (answered.status) change(answered.status);
  });
}

/** Counted over all containers of the case. */
function statusLost(nth: 1 | 2, instead: Instead, key: string): Fault {
  return fault({
    name: `simulated-container-status-${instead}-${key}`,
    breaks: `ContainerStatus ${instead === 'empty' ? 'answers what is there' : 'succeeds'}, of each container of a sandbox`,
    kills: [`container/status/user#${key}`],
    provenOn,
    rpcs: ['ContainerStatus'],
    how: () => fromNth({ rpc: 'ContainerStatus', nth, instead, objectOf: () => '' }),
  });
}

function int64(value: bigint) {
  return create(Int64ValueSchema, { value });
}
