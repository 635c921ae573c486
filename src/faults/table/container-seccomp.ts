import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, SecurityProfile_ProfileType as ProfileType, SecurityProfileSchema } from '../../cri/messages.ts';
import type { LinuxContainerSecurityContext, SecurityProfile } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer } from '../combinators.ts';
import type { FaultContext } from '../context.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { madeWith } from '../made.ts';

/** By which seccomp profile a container is confined. */
export const containerSeccompFaults: readonly Fault[] = [
  fault({
    name: 'unconfined-is-confined',
    breaks: 'a container that is to be unconfined has no seccomp profile',
    kills: ['container/seccomp/unconfined#mode'],
    how: profiled(ProfileType.Unconfined, (profile) => {
      profile.profileType = ProfileType.RuntimeDefault;
    }),
  }),
  fault({
    name: 'unconfined-without-capabilities',
    breaks: 'a container without a seccomp profile can use the capabilities that it adds',
    kills: ['container/seccomp/unconfined#allowed'],
    how: profiled(ProfileType.Unconfined, (_, security) => {
      delete security.capabilities;
    }),
  }),
  fault({
    name: 'default-seccomp-profile-ignored',
    breaks: 'a container that is to have the runtime’s seccomp profile has one',
    kills: ['container/seccomp/runtime-default#process'],
    how: profiled(ProfileType.RuntimeDefault, (profile) => {
      profile.profileType = ProfileType.Unconfined;
    }),
  }),
  fault({
    name: 'exec-sync-escapes-seccomp',
    breaks: 'what ExecSync executes is confined by the seccomp profile of the container',
    kills: ['container/seccomp/runtime-default#executed', 'container/seccomp/localhost#executed'],
    how: answer('ExecSync', (executed, { cmd }) => {
      if (cmd[0] === 'chmod') executed.exitCode = 0;
      const lines = Buffer.from(executed.stdout).toString();
      const last = lines.lastIndexOf('Seccomp:\t2');
      if (last !== -1) executed.stdout = Buffer.from(lines.slice(0, last) + lines.slice(last).replace('\t2', '\t0'));
    }),
  }),
  fault({
    name: 'seccomp-profile-unasked',
    breaks: 'a container whose config says nothing of seccomp has no profile',
    kills: ['container/seccomp/unset#mode'],
    how: madeWith((security) => {
      security.seccomp ??= create(SecurityProfileSchema, { profileType: ProfileType.RuntimeDefault });
    }),
  }),
  fault({
    name: 'seccomp-profile-ignored',
    breaks: 'a container has the seccomp profile of the node that its config names',
    kills: [
      'container/seccomp/localhost#denied',
      'container/seccomp/missing-profile#refused',
      'container/seccomp/over-capabilities#denied',
    ],
    how: profiled(ProfileType.Localhost, (profile) => {
      profile.profileType = ProfileType.Unconfined;
      profile.localhostRef = '';
    }),
  }),
  fault({
    name: 'seccomp-profile-denies-more',
    breaks: 'a container can do what its seccomp profile allows',
    kills: ['container/seccomp/localhost#others'],
    how: profiled(ProfileType.Localhost, (profile, _, { folder }) => {
      profile.localhostRef = join(folder, 'profile.json');
      const names = ['chmod', 'fchmod', 'fchmodat', 'mkdir', 'mkdirat'];
      const syscalls = [{ names, action: 'SCMP_ACT_ERRNO' }];
      mkdirSync(folder, { recursive: true });
      writeFileSync(profile.localhostRef, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
    }),
  }),
  fault({
    name: 'privileged-is-confined',
    breaks: 'a privileged container has no seccomp profile',
    kills: ['container/seccomp/privileged#allowed'],
    how: profiled(ProfileType.Localhost, (_, security) => {
      security.privileged = false;
    }),
  }),
];

/** Changes the seccomp profile of containers that ask for one of this type. */
function profiled(
  profileType: ProfileType,
  change: (profile: SecurityProfile, security: LinuxContainerSecurityContext, context: FaultContext) => void,
): Break {
  return madeWith((security, _, context) => {
    if (security.seccomp?.profileType === profileType) change(security.seccomp, security, context);
  });
}
