import { create, SecurityProfile_ProfileType as ProfileType, SecurityProfileSchema } from '../../cri/messages.ts';
import type { LinuxContainerSecurityContext, SecurityProfile } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { madeWith } from '../made.ts';

/**
 * By which AppArmor profile and SELinux label a container is confined. A machine of the matrix need not have either: what
 * these are to fail is asked by hand where they are on, `crible conformance fault:NAME@TARGET --select 'container/apparmor/**'`.
 */
export const containerApparmorFaults: readonly Fault[] = [
  elsewhere('apparmor-profile-ignored', 'a container has the AppArmor profile of the field for it', {
    fails: 'localhost-denies#field, localhost-allows#confined, not-loaded#field and field-wins#missing',
    how: madeWith((security) => {
      if (isLocalhost(security)) security.apparmor = unconfined();
    }),
  }),
  elsewhere('apparmor-text-ignored', 'a container has the AppArmor profile of the deprecated field', {
    fails: 'localhost-denies#deprecated-field and not-loaded#deprecated-field',
    how: madeWith((security) => {
      security.apparmor ??= unconfined();
    }),
  }),
  elsewhere('apparmor-field-denies-more', 'a container can do what its AppArmor profile allows', {
    fails: 'localhost-allows#field and field-wins#allows',
    how: madeWith((security) => {
      if (refersTo(security, 'audit')) security.readonlyRootfs = true;
    }),
  }),
  elsewhere('apparmor-text-denies-more', 'a container can do what the profile of the deprecated field allows', {
    fails: 'localhost-allows#deprecated-field',
    how: madeWith((security) => {
      if (security.apparmor === undefined) security.readonlyRootfs = true;
    }),
  }),
  elsewhere('apparmor-text-wins', 'the field for AppArmor wins over the deprecated one', {
    fails: 'field-wins#denies',
    how: madeWith((security) => {
      if (refersTo(security, 'deny')) delete security.apparmor;
    }),
  }),
  elsewhere('apparmor-default-ignored', 'a container has the runtime’s AppArmor profile', {
    fails: 'runtime-default#enforced',
    how: madeWith((security) => {
      if (security.apparmor?.profileType === ProfileType.RuntimeDefault) security.apparmor = unconfined();
    }),
  }),
  elsewhere('apparmor-unasked', 'a container that is to be unconfined has no AppArmor profile', {
    fails: 'unconfined#asked',
    how: madeWith((security) => {
      const { apparmor } = security;
      if (apparmor?.profileType === ProfileType.Unconfined) apparmor.profileType = ProfileType.RuntimeDefault;
    }),
  }),
  elsewhere('apparmor-for-privileged', 'a privileged container has no AppArmor profile', {
    fails: 'unconfined#privileged',
    how: madeWith((security) => {
      if (security.apparmor) security.privileged = false;
    }),
  }),
  fault({
    name: 'selinux-options-ignored',
    breaks: 'a container has the SELinux options of its config',
    kills: [],
    reason: 'fails container/selinux/malformed-level where SELinux is on, which a machine of the matrix need not have',
    how: madeWith((security) => {
      delete security.selinuxOptions;
    }),
  }),
];

function elsewhere(
  name: string,
  breaks: string,
  { fails, how }: { readonly fails: string; readonly how: Break },
): Fault {
  const reason = `fails container/apparmor/${fails} where AppArmor is on, which a machine of the matrix need not have`;
  return fault({ name, breaks, kills: [], reason, how });
}

function unconfined(): SecurityProfile {
  return create(SecurityProfileSchema, { profileType: ProfileType.Unconfined });
}

function isLocalhost({ apparmor }: LinuxContainerSecurityContext): boolean {
  return apparmor?.profileType === ProfileType.Localhost;
}

/** The cases call their profiles by what they do. */
function refersTo({ apparmor }: LinuxContainerSecurityContext, word: 'audit' | 'deny'): boolean {
  return apparmor?.localhostRef.endsWith(`-${word}`) ?? false;
}
