import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { execSync } from './ask.ts';
import { identityIn, tellIdentity } from './identity.ts';
import { expectSuccess, oddWords } from './streamed.ts';

/* What a command is that ExecSync and Exec run: its arguments, its surroundings, its rights. */

const bracketed = oddWords.map((word) => `[${word}]`).join('');
const printWords = ['printf', '[%s]', ...oddWords];

/** As little as a container can be given. */
const confined: ContainerDeviation = {
  linux: {
    securityContext: {
      runAsUser: { value: 1007n },
      runAsGroup: { value: 4321n },
      noNewPrivs: true,
      capabilities: { dropCapabilities: ['ALL'] },
    },
  },
};

/** Two texts of the same form, for the container's own process and for the one that is executed, parted by a line. */
const tellConfinement = [
  'sh',
  '-c',
  ['1', 'self']
    .map(
      (process) =>
        `grep -E '^(Cap[A-Z][a-z]+|NoNewPrivs|Seccomp):' /proc/${process}/status; cat /proc/${process}/cgroup`,
    )
    .join('; echo --; '),
];

/** It has the rights of the container's own process, and counts with it. */
function expectConfined({ expect }: Pick<CaseContext, 'expect'>, told: string): void {
  const [own = '', executed = ''] = told.split('--\n');
  expect.equal('rights', rightsIn(executed), rightsIn(own), 'what /proc says of the rights of the command');
  expect.equal('cgroup', cgroupsIn(executed), cgroupsIn(own), 'the cgroups of the command that limit it');
}

function rightsIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^[A-Z]/.test(line));
}

/** Those of the controllers that the kubelet limits by; with cgroup2 alone there is one. */
function cgroupsIn(text: string): readonly string[] {
  const all = text.split('\n').filter((line) => /^\d+:/.test(line));
  const limiting = all.filter((line) => /^\d+:(?:[^:]*,)?(?:cpu|memory|pids)[,:]/.test(line));
  return limiting.length > 0 ? limiting : all;
}

const confinementBasis = [
  { kind: 'proto', text: 'ExecSync and Exec run a command in a container: what confines the container confines it' },
  { kind: 'kubelet', text: 'whoever may exec in a pod must not gain rights that the pod was denied' },
] as const;

export const cases = [
  defineCase({
    id: 'exec-sync/arguments',
    title: 'gives a command its arguments as they are',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSyncRequest.cmd: the command and its arguments, which no shell reads' },
      { kind: 'kubelet', text: 'hands on the command of a probe as the pod has it' },
    ],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const { stdout } = await execSync(context, id, printWords);
      expect.equal('as-they-are', stdout, bracketed, 'the arguments, each in brackets');
    },
  }),

  defineCase({
    id: 'exec-sync/environment',
    revision: 2,
    title: 'runs a command in the environment and working directory of its container',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSync runs a command in a container' },
      { kind: 'kubelet', text: 'probes and hooks are written for their container’s environment' },
    ],
    async run(context) {
      const { given, expect } = context;
      const image = await given.image('env:1');
      const { id } = await given.startedContainer(
        await given.sharedPodSandbox(),
        {
          envs: [
            { key: 'CRIBLE_PROBE', value: Buffer.from('a b') },
            { key: 'CRIBLE_FROM_IMAGE', value: Buffer.from('from-config') },
          ],
          workingDir: '/var',
        },
        image,
      );
      const variables = 'echo "$CRIBLE_PROBE, $CRIBLE_FROM_IMAGE, $CRIBLE_ODD"';
      const { stdout } = await execSync(context, id, ['sh', '-c', `${variables}; pwd`]);
      expect.equal(
        'output',
        stdout,
        'a b, from-config, a b=c\n/var\n',
        'variables of the config and of the image, and the directory',
      );
    },
  }),

  defineCase({
    id: 'exec-sync/confinement',
    title: 'gives a command no more rights than its container has, and counts it to the container',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [...confinementBasis],
    needs: ['processes'],
    async run(context) {
      const { given } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), confined);
      const { stdout } = await execSync(context, id, tellConfinement);
      expectConfined(context, stdout);
    },
  }),

  defineCase({
    id: 'exec-stream/confinement',
    title: 'gives a command that is streamed no more rights than its container has, and counts it to the container',
    level: 'required',
    rpcs: ['Exec'],
    basis: [...confinementBasis],
    needs: ['processes', 'streams'],
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox(), confined);
      const exec = await streams.exec({ containerId, cmd: tellConfinement, stdout: true, stderr: true });
      await expectSuccess(context, streams, exec);
      expectConfined(context, exec.stdout.text);
    }),
  }),

  defineCase({
    id: 'exec-stream/like-its-container',
    title: 'streams a command that has the user, environment and directory of its container, and its own arguments',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'Exec runs a command in a container; ExecRequest.cmd: it and its arguments' },
      { kind: 'kubelet', text: 'kubectl exec: no shell reads the arguments, and the user is the container’s' },
    ],
    needs: ['streams'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const user = { runAsUser: { value: 1007n }, runAsGroup: { value: 4321n }, supplementalGroups: [1234n] };
      const image = await given.image('env:1');
      const { id: containerId } = await given.startedContainer(
        await given.sharedPodSandbox(),
        {
          envs: [{ key: 'CRIBLE_PROBE', value: Buffer.from('a b') }],
          workingDir: '/var',
          linux: { securityContext: user },
        },
        image,
      );
      const [, , identity = ''] = tellIdentity;
      const cmd = ['sh', '-c', `${identity}; echo "$CRIBLE_PROBE, $CRIBLE_ODD"; pwd`];
      const exec = await streams.exec({ containerId, cmd, stdout: true, stderr: true });
      await expectSuccess(context, streams, exec);
      const [uid = '', gid = '', groups = '', environment, directory] = exec.stdout.text.split('\n');
      const expected = { uid: 1007, gid: 4321, groups: [1234, 4321] };
      expect.equal('identity', identityIn(`${uid}\n${gid}\n${groups}\n`), expected, 'who the command is');
      expect.equal('environment', environment, 'a b, a b=c', 'a variable of the config, and one of the image');
      expect.equal('directory', directory, '/var', 'its directory');
      const print = await streams.exec({ containerId, cmd: printWords, stdout: true, stderr: true });
      await expectSuccess(context, streams, print);
      expect.equal('arguments', print.stdout.text, bracketed, 'the arguments of another, each in brackets');
    }),
  }),
];
