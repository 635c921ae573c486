import { create, Int64ValueSchema } from '../../cri/messages.ts';
import type { ContainerConfig } from '../../cri/messages.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made, madeWith, mounted, mountsLost } from '../made.ts';

/** What of a container's config is easily half obeyed: the second of two, an empty one, 0, what comes beside another field. */
export const containerConfigFaults: readonly Fault[] = [
  fault({
    name: 'empty-argument-lost',
    breaks: 'a container gets the arguments of its config, empty ones too',
    kills: ['container/process/args#output'],
    reason: 'one argument is lost, where arguments-lost loses all',
    how: made((config) => {
      config.args = config.args.filter((arg) => arg !== '');
    }),
  }),
  fault({
    name: 'arguments-without-entrypoint-lost',
    breaks: 'the arguments of the config take the place of those of an image that has no entry point',
    kills: ['container/process/args#without-entrypoint'],
    how: made((config) => {
      if (isOf(config, 'cmd-only')) config.args = [];
    }),
  }),
  fault({
    name: 'arguments-beside-command-lost',
    breaks: 'a container whose config has a command and arguments gets both',
    kills: ['container/process/command#with-args'],
    how: made((config) => {
      if (config.command.length > 0) config.args = [];
    }),
  }),
  fault({
    name: 'first-of-equal-envs',
    breaks: 'of two environment variables of the same name a container has the last one',
    kills: ['container/process/envs#envs'],
    reason: 'one variable is another, where envs-lost loses all',
    how: made((config) => {
      const firsts = new Set<string>();
      config.envs = config.envs.filter(({ key }) => !firsts.has(key) && firsts.add(key));
    }),
  }),
  fault({
    name: 'capabilities-of-exec-not-dropped',
    breaks: 'a command that is executed in a container has no capabilities that the container has not',
    kills: ['container/process/capabilities#executed'],
    how: answer('ExecSync', (answered, { cmd }) => {
      if (cmd.join(' ') !== 'cat /proc/1/status /proc/self/status') return;
      const [own = '', executed = ''] = Buffer.from(answered.stdout)
        .toString()
        .split(/^(?=Name:)/m);
      answered.stdout = Buffer.from(own + executed.replaceAll(/^(Cap\w+):\t0+/gm, '$1:\t00000000a80425fb'));
    }),
  }),
  fault({
    name: 'group-beside-username-lost',
    breaks: 'a container that runs as a user by name has the group of its config',
    kills: ['container/user/run-as-username#with-group'],
    how: madeWith((security) => {
      if (security.runAsUsername !== '') delete security.runAsGroup;
    }),
  }),
  fault({
    name: 'user-0-is-unset',
    breaks: 'run_as_user 0 is a user',
    kills: ['container/user/over-image#root'],
    how: madeWith((security) => {
      if (security.runAsUser?.value === 0n) delete security.runAsUser;
    }),
  }),
  fault({
    name: 'group-0-is-unset',
    breaks: 'run_as_group 0 is a group',
    kills: ['container/user/over-image#group-of-root'],
    how: madeWith((security, config) => {
      if (security.runAsGroup?.value === 0n && isOf(config, 'user-uid-gid'))
        security.runAsGroup = create(Int64ValueSchema, { value: 1004n });
    }),
  }),
  fault({
    name: 'groups-of-16-bits',
    breaks: 'a container has the supplemental groups of its config, however large their numbers are',
    kills: ['container/user/supplemental-groups#groups'],
    reason: 'one group is another, where supplemental-groups-lost loses all',
    how: madeWith((security) => {
      security.supplementalGroups = security.supplementalGroups.map((gid) => gid % 65_536n);
    }),
  }),
  fault({
    name: 'second-device-lost',
    breaks: 'a container has all devices of its config',
    kills: ['container/device/of-node#is-there'],
    reason: 'one device is lost, where device-lost loses all',
    how: made((config) => {
      config.devices = config.devices.slice(0, 1);
    }),
  }),
  fault({
    name: 'mounted-file-is-read-only',
    breaks: 'a container can write to a file of the host that is mounted so that it may',
    kills: ['container/mount/file#written'],
    how: mounted((mount) => {
      if (mount.containerPath === '/etc/group') mount.readonly = true;
    }),
  }),
  fault({
    name: 'mounted-file-is-not-read-only',
    breaks: 'a container cannot write to a file of the host that is mounted read-only',
    kills: ['container/mount/file#read-only'],
    how: mounted((mount) => {
      if (mount.containerPath === '/mnt/read-only') mount.readonly = false;
    }),
  }),
  fault({
    name: 'mount-of-odd-name-lost',
    breaks: 'a container sees a folder of the host whatever its name is',
    kills: ['container/mount/both-directions#read'],
    reason: 'a mount is lost by its name, where mount-of-another-folder concerns all',
    how: mountsLost(({ hostPath }) => hostPath.includes(' ')),
  }),
  fault({
    name: 'update-without-processors',
    breaks: 'UpdateContainerResources updates the set of processors',
    kills: ['container/update/leaves-others#processors'],
    how: request('UpdateContainerResources', ({ linux }) => {
      // Nothing at all might be refused.
      if (linux && linux.cpusetCpus !== '65535')
        Object.assign(linux, { cpusetCpus: '', cpuShares: linux.cpuShares || 256n });
    }),
  }),
  fault({
    name: 'update-of-processors-resets-quota',
    breaks: 'UpdateContainerResources leaves the CPU quota alone when it is given processors alone',
    kills: ['container/update/leaves-others#all-of-them'],
    how: request('UpdateContainerResources', ({ linux }) => {
      if (linux && linux.cpusetCpus !== '' && linux.cpuQuota === 0n) linux.cpuQuota = -1n;
    }),
  }),
];

function isOf({ image }: ContainerConfig, name: string): boolean {
  return image?.userSpecifiedImage.includes(`/${name}:`) ?? false;
}
