import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import { joinRecords } from '../../src/kit/log-file.ts';
import { execSync } from './ask.ts';
import { capabilityNames, mask } from './capability.ts';
import { expectLogged, logRecords } from './logged.ts';

/** What a container is made of, with nothing in its config but what is given. */
interface Plan extends Pick<ContainerDeviation, 'command' | 'args' | 'workingDir'> {
  /** NAME:TAG of a fixture image. */
  readonly image: string;
}

/** Runs a container in a sandbox of its own, and expects what its process prints. */
async function expectOutput(
  context: CaseContext,
  { image, ...deviation }: Plan,
  expected: string,
  key = 'output',
): Promise<void> {
  const { given } = context;
  const pulled = await given.image(image);
  const container = await given.startedContainer(await given.sharedPodSandbox(), { command: [], ...deviation }, pulled);
  await expectLogged(context, container, expected, 'what the process of the container prints', { key });
}

export const cases = [
  defineCase({
    id: 'container/process/image-defaults',
    title: 'runs the entry point and the arguments of the image when the config names neither',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.command and args: empty means those of the image' },
      { kind: 'oci', text: 'image configuration: Entrypoint followed by Cmd' },
    ],
    needs: ['host-files'],
    async run(context) {
      await expectOutput(context, { image: 'entrypoint-cmd:1' }, 'from-entrypoint from-cmd\n');
    },
  }),

  defineCase({
    id: 'container/process/args',
    revision: 2,
    title: 'gives the entry point of the image, if it has one, the arguments of the config instead of the image’s',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.args: arguments for the entry point' },
      { kind: 'oci', text: 'image configuration: Cmd is what arguments of the caller replace' },
    ],
    needs: ['host-files'],
    async run(context) {
      await expectOutput(
        context,
        { image: 'entrypoint-cmd:1', args: ['from  args', '', '$HOME', '"'] },
        'from-entrypoint from  args  $HOME "\n',
      );
      const withoutEntrypoint = { image: 'cmd-only:1', args: ['/bin/echo', 'from args'] };
      await expectOutput(context, withoutEntrypoint, 'from args\n', 'without-entrypoint');
    },
  }),

  defineCase({
    id: 'container/process/command',
    revision: 2,
    title: 'runs the command and the arguments of the config instead of the image’s entry point and arguments',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.command: what is executed' },
      { kind: 'kubelet', text: 'a pod that gives a command and no args gets neither of the image’s' },
    ],
    needs: ['host-files'],
    async run(context) {
      await expectOutput(
        context,
        { image: 'entrypoint-cmd:1', command: ['/bin/echo', 'from-command'] },
        'from-command\n',
      );
      const both = { image: 'entrypoint-cmd:1', command: ['/bin/echo', 'command'], args: ['and  args', 'of config'] };
      await expectOutput(context, both, 'command and  args of config\n', 'with-args');
    },
  }),

  defineCase({
    id: 'container/process/working-dir',
    title: 'starts a container in the image’s working directory, or in the config’s when it names one',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.working_dir: the current directory of the command' },
      { kind: 'oci', text: 'image configuration: WorkingDir is the default' },
    ],
    needs: ['host-files'],
    async run(context) {
      await expectOutput(context, { image: 'working-dir:1' }, '/var/crible\n', 'of-image');
      await expectOutput(context, { image: 'working-dir:1', workingDir: '/tmp' }, '/tmp\n', 'of-config');
    },
  }),

  defineCase({
    id: 'container/process/envs',
    revision: 2,
    title: 'gives a container the image’s environment, changed and added to by the config’s',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.envs: environment variables of the container' },
      { kind: 'oci', text: 'image configuration: Env is the default' },
      { kind: 'kubelet', text: 'warns that a variable which is given twice hides the one before' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, expect, observe } = context;
      const image = await given.image('env:1');
      const long = 'long '.repeat(1_000).trim();
      const envs = [
        { key: 'CRIBLE_FROM_IMAGE', value: Buffer.from('from-config') },
        { key: 'CRIBLE_ADDED', value: Buffer.from(' d="e" $HOME é') },
        { key: 'CRIBLE_EMPTY', value: Buffer.of() },
        { key: 'CRIBLE_LINES', value: Buffer.from('one\nCRIBLE_LINE_TWO') },
        { key: 'CRIBLE_LONG', value: Buffer.from(long) },
        { key: 'CRIBLE_TWICE', value: Buffer.from('first') },
        { key: 'CRIBLE_TWICE', value: Buffer.from('second') },
      ];
      const { container } = await given.exitedContainer(await given.sharedPodSandbox(), { command: [], envs }, image);
      const printed = joinRecords(logRecords(container), 'stdout').toString();
      const lines = printed.trimEnd().split('\n');
      const mine = lines.filter((line) => /^(?:CRIBLE_|PATH=)/.test(line)).sort();
      expect.equal(
        'envs',
        mine,
        [
          'CRIBLE_ADDED= d="e" $HOME é',
          'CRIBLE_EMPTY=',
          'CRIBLE_FROM_IMAGE=from-config',
          'CRIBLE_LINES=one',
          'CRIBLE_LINE_TWO',
          `CRIBLE_LONG=${long}`,
          'CRIBLE_ODD=a b=c',
          'CRIBLE_TWICE=second',
          'PATH=/bin',
        ],
        'the variables of image and config',
      );
      const names = lines.flatMap((line) => /^(?!CRIBLE_)(?<name>\w+)=/.exec(line)?.groups?.['name'] ?? []);
      observe('process.environment-names', names.sort());
    },
  }),

  defineCase({
    id: 'container/process/run-as-user',
    title: 'runs a container as the user and group of the config',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.run_as_user and run_as_group: uid and gid of the process' },
    ],
    needs: ['processes'],
    critest: ['SC-2#user', 'SC-4#group'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), {
        linux: { securityContext: { runAsUser: { value: 1234n }, runAsGroup: { value: 4321n } } },
      });
      const { stdout } = await execSync(context, id, ['cat', '/proc/1/status']);
      const idsOf = (name: string): string | undefined => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(stdout)?.[1];
      expect.equal('user', idsOf('Uid'), '1234\t1234\t1234\t1234', 'the four uids of the process');
      expect.equal('group', idsOf('Gid'), '4321\t4321\t4321\t4321', 'the four gids of the process');
    },
  }),

  defineCase({
    id: 'container/process/capabilities',
    revision: 2,
    title: 'takes every capability from a container that drops ALL, and from what is executed in it',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ExecSync'],
    basis: [
      { kind: 'proto', text: 'Capability.drop_capabilities: those to be taken away, ALL for all of them' },
      { kind: 'kubelet', text: 'the restricted Pod Security Standard rests on it' },
    ],
    needs: ['processes'],
    critest: ['SC-13#none-left'],
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const usual = await given.startedContainer(pod);
      const dropped = await given.startedContainer(pod, {
        linux: { securityContext: { capabilities: { dropCapabilities: ['ALL'] } } },
      });
      const files = ['/proc/1/status', '/proc/self/status'];
      const { stdout } = await execSync(context, dropped.id, ['cat', ...files], 'exec-dropped');
      const [status = '', executed = ''] = stdout.split(/^(?=Name:)/m);
      expect.equal(
        'none-left',
        { effective: mask(status, 'CapEff'), permitted: mask(status, 'CapPrm'), bounding: mask(status, 'CapBnd') },
        { effective: 0n, permitted: 0n, bounding: 0n },
        'the capability sets of the process',
      );
      expect.equal(
        'executed',
        {
          effective: mask(executed, 'CapEff'),
          permitted: mask(executed, 'CapPrm'),
          bounding: mask(executed, 'CapBnd'),
        },
        { effective: 0n, permitted: 0n, bounding: 0n },
        'the capability sets of a command that is executed in the container',
      );
      const byDefault = (await execSync(context, usual.id, ['cat', '/proc/1/status'], 'exec-usual')).stdout;
      observe('process.capabilities', capabilityNames(mask(byDefault, 'CapEff') ?? 0n));
    },
  }),

  defineCase({
    id: 'container/process/shared-memory',
    title: 'shares /dev/shm between the containers of a sandbox',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'NamespaceOption.ipc POD: the containers of a sandbox share one IPC namespace' }],
    needs: ['processes'],
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const writer = await given.startedContainer(pod);
      const reader = await given.startedContainer(pod);
      await execSync(context, writer.id, ['sh', '-c', 'echo -n shared > /dev/shm/crible'], 'exec-writer');
      const { stdout } = await execSync(context, reader.id, ['cat', '/dev/shm/crible'], 'exec-reader');
      expect.equal('read', stdout, 'shared', 'what the other container reads');
      const { stdout: sizes } = await execSync(context, reader.id, ['df', '-k', '/dev/shm'], 'exec-df');
      observe('process.shared-memory-kib', Number(/\n\S+\s+(?<kib>\d+)/.exec(sizes)?.groups?.['kib']));
    },
  }),
];
