import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature } from '../model/target.ts';
import { textOf } from './cgroup-usage.ts';

/**
 * What the kernel offers to confine containers: `seccomp`, `apparmor` (with the program that loads profiles), `selinux`.
 * @param local whether the runtime's containers are processes of this machine's kernel
 * @param configuration what Status tells of the runtime's own configuration: SELinux takes a switch there as well
 */
export function probeKernel(local: boolean, configuration: Readonly<Record<string, string>>): readonly Feature[] {
  const found = { seccomp: seccomp(), apparmor: apparmor(), selinux: selinux(configuration) };
  return Object.entries(found).map(([name, feature]) =>
    local
      ? { name, ...feature }
      : { name, present: false, detail: 'its containers run on another kernel than this one' },
  );
}

type Found = Omit<Feature, 'name'>;

/** proc(5): the line is there when the kernel was built with CONFIG_SECCOMP. */
function seccomp(): Found {
  const present = /^Seccomp:/m.test(textOf('/proc/self/status') ?? '');
  return { present, detail: `/proc/self/status ${present ? 'has' : 'lacks'} the line Seccomp` };
}

function apparmor(): Found {
  const switchFile = '/sys/module/apparmor/parameters/enabled';
  if (textOf(switchFile)?.trim() !== 'Y') return { present: false, detail: `${switchFile} is not Y` };
  const folders = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  const present = folders.some((folder) => existsSync(join(folder, 'apparmor_parser')));
  return { present, detail: present ? `${switchFile} is Y` : 'AppArmor is on, but there is no apparmor_parser' };
}

function selinux(configuration: Readonly<Record<string, string>>): Found {
  const file = '/sys/fs/selinux/enforce';
  if (!existsSync(file)) return { present: false, detail: `there is no ${file}` };
  const configured = configuration['enableSelinux'] ?? configuration['SELinux'];
  return configured === 'false'
    ? { present: false, detail: 'SELinux is on, but off in the runtime’s configuration' }
    : { present: true, detail: `there is ${file}` };
}
