import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { create, MountSchema } from '../../cri/messages.ts';
import type { ContainerConfig, CreateContainerRequest } from '../../cri/messages.ts';
import { refuses } from '../combinators.ts';
import { around } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made } from '../made.ts';
import { StatusError } from '../../cri/handler.ts';

/** What a container's process is made with. */
export const containerProcessFaults: readonly Fault[] = [
  fault({
    name: 'default-arguments-lost',
    breaks: 'a container whose config names no arguments gets those of its image',
    kills: ['container/process/image-defaults#output'],
    how: made((config) => {
      if (config.command.length + config.args.length === 0 && isOf(config, 'entrypoint-cmd')) config.args = ['none'];
    }),
  }),
  fault({
    name: 'arguments-lost',
    breaks: 'a container gets the arguments of its config',
    kills: ['container/process/args#output'],
    reason: 'all arguments, where empty-argument-lost drops one kind',
    how: made((config) => {
      config.args = [];
    }),
  }),
  fault({
    name: 'arguments-of-image-added',
    breaks: 'a container whose config names a command gets no arguments of its image',
    kills: ['container/process/command#output'],
    how: made((config) => {
      if (config.command.length > 0 && isOf(config, 'entrypoint-cmd')) config.args.push('from-cmd');
    }),
  }),
  fault({
    name: 'working-dir-of-image-lost',
    breaks: 'a container whose config names no working directory starts in that of its image',
    kills: ['container/process/working-dir#of-image'],
    how: made((config) => {
      if (config.workingDir === '') config.workingDir = '/';
    }),
  }),
  fault({
    name: 'working-dir-lost',
    breaks: 'a container, and a command in it, starts in the working directory of its config',
    kills: ['container/process/working-dir#of-config', 'exec-sync/environment#output'],
    how: made((config) => {
      config.workingDir = '';
    }),
  }),
  fault({
    name: 'envs-lost',
    breaks: 'a container has the environment variables of its config',
    kills: ['container/process/envs#envs'],
    reason: 'all variables, where first-of-equal-envs is about one given twice',
    how: made((config) => {
      config.envs = [];
    }),
  }),
  fault({
    name: 'run-as-user-ignored',
    breaks: 'a container runs as the user of its config',
    kills: ['container/process/run-as-user#user'],
    how: made(({ linux }) => {
      if (linux?.securityContext?.runAsUser) linux.securityContext.runAsUser.value = 0n;
    }),
  }),
  fault({
    name: 'run-as-group-ignored',
    breaks: 'a container runs as the group of its config',
    kills: ['container/process/run-as-user#group'],
    how: made(({ linux }) => {
      delete linux?.securityContext?.runAsGroup;
    }),
  }),
  fault({
    name: 'shared-memory-of-its-own',
    breaks: 'the containers of a sandbox share /dev/shm',
    kills: ['container/process/shared-memory#read'],
    how: made(({ mounts }, { folder }) => {
      const hostPath = join(folder, 'shm', randomUUID());
      mkdirSync(hostPath, { recursive: true });
      mounts.push(create(MountSchema, { containerPath: '/dev/shm', hostPath }));
    }),
  }),
  fault({
    name: 'exec-sync-of-these-refused',
    breaks: 'ExecSync executes any command that there is',
    kills: [
      'attach/output#ask-to-print',
      'container/process/capabilities#exec-dropped',
      'container/process/run-as-user#exec',
      'container/process/shared-memory#exec-writer',
      'exec-stream/stdin-end#look',
      'exec-sync/timeout#look-for-process',
    ],
    how: refuses('ExecSync', 'Internal', ({ cmd: [program = ''] }) => ['cat', 'kill', 'sh'].includes(program)),
  }),
  fault({
    name: 'exec-sync-of-cat-refused',
    breaks: 'ExecSync executes a command in each container of a sandbox',
    kills: ['container/process/shared-memory#exec-reader'],
    how: refuses('ExecSync', 'Internal', ({ cmd }) => cmd[0] === 'cat'),
  }),
  fault({
    name: 'exec-sync-of-df-refused',
    breaks: 'ExecSync executes a command in a container where it executed one before',
    kills: ['container/process/shared-memory#exec-df'],
    how: refuses('ExecSync', 'Internal', ({ cmd }) => cmd[0] === 'df'),
  }),
  fault({
    name: 'exec-sync-with-capabilities-refused',
    breaks: 'ExecSync executes a command in a container that has capabilities',
    kills: ['container/process/capabilities#exec-usual'],
    rpcs: ['CreateContainer', 'ExecSync'],
    how: () => {
      const without = new Set<string>();
      return [
        around('CreateContainer', (next) => async (asked, call) => {
          const created = await next(asked, call);
          if (dropsCapabilities(asked)) without.add(created.containerId);
          return created;
        }),
        around('ExecSync', (next) => async (asked, call) => {
          if (!without.has(asked.containerId)) throw new StatusError('Internal', 'ExecSync is refused');
          return next(asked, call);
        }),
      ];
    },
  }),
];

function isOf({ image }: ContainerConfig, name: string): boolean {
  return image?.userSpecifiedImage.includes(`/${name}:`) ?? false;
}

function dropsCapabilities({ config }: CreateContainerRequest): boolean {
  return (config?.linux?.securityContext?.capabilities?.dropCapabilities.length ?? 0) > 0;
}
