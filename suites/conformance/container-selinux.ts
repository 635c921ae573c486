import type { MessageInitShape, SELinuxOptionSchema } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { expectSuccess, tried, type Attempt } from './printed.ts';
import { privileged } from './privileged.ts';

const needs = ['processes', 'host-files', 'selinux'];
const rpcs = ['RunPodSandbox', 'CreateContainer', 'StartContainer'];
const options = { kind: 'proto', text: 'selinux_options of a sandbox’s and a container’s security context' } as const;
const chosen = {
  kind: 'kubelet',
  text: 'leaves the label to the runtime for pods that name none, and expects it to keep pods apart',
} as const;

type Option = MessageInitShape<typeof SELinuxOptionSchema>;

/** A label, USER:ROLE:TYPE:LEVEL, by its parts. */
interface Label {
  readonly type: string;
  /** What keeps one pod's things from another's. */
  readonly categories: readonly string[];
}

function labelIn(text: string): Label {
  const [, , type = '', , categories = ''] = /[\w-]+:[\w-]+:[\w-]+:s0(:[\w,.]+)?/.exec(text)?.[0].split(':') ?? [];
  return { type, categories: categories.split(',').filter((name) => name !== '') };
}

const looks = { process: 'cat /proc/1/attr/current', mount: "grep ' / ' /proc/mounts" };

/** The labels of a container's process and of its root. */
async function labels(
  context: CaseContext,
  pod: PodSandbox,
  deviation = {},
): Promise<{ process: string; mount: string }> {
  const { process, mount } = await tried(context, pod, looks, deviation);
  for (const { ok, text } of [process, mount]) {
    if (!ok) throw new SetupError('read the labels of a container', new Error(text));
  }
  return { process: process.text, mount: mount.text };
}

/** What becomes of a write in a container with these options, in a sandbox with the same. */
async function writeWith(context: CaseContext, selinuxOptions: Option): Promise<Attempt> {
  const config = { linux: { securityContext: { selinuxOptions } } };
  const { write } = await tried(context, await context.given.podSandbox(config), { write: 'touch /tmp/file' }, config);
  return write;
}

export const cases = [
  defineCase({
    id: 'container/selinux/options',
    title: 'runs a container with the SELinux options of its config',
    level: 'required',
    rpcs,
    basis: [options],
    critest: ['SL-1#level', 'SL-2#all'],
    needs,
    async run(context) {
      const message = 'the container writes a file of its own';
      expectSuccess(context, 'level', await writeWith(context, { level: 's0' }), message);
      const all = { user: 'system_u', role: 'system_r', type: 'container_t', level: 's0:c0,c1' };
      expectSuccess(context, 'all', await writeWith(context, all), message);
    },
  }),

  defineCase({
    id: 'container/selinux/malformed-level',
    title: 'refuses a container whose SELinux level is none',
    level: 'specified',
    rpcs: ['CreateContainer'],
    basis: [options],
    critest: ['SL-3#refused'],
    needs: ['selinux'],
    async run({ given, cri, expect }) {
      const pod = await given.podSandbox();
      const selinuxOptions = { level: 'this is no level' };
      const config = await given.containerConfig(pod, { linux: { securityContext: { selinuxOptions } } });
      await expect.fails(
        'refused',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer with a malformed level',
      );
    },
  }),

  defineCase({
    id: 'container/selinux/files',
    title: 'labels the files of a container as a container’s, with categories of its pod',
    level: 'required',
    rpcs,
    basis: [chosen],
    critest: ['SL-4#type', 'SL-5#categories'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const { mount } = await labels(context, await given.podSandbox());
      const { type, categories } = labelIn(mount);
      expect.equal('type', type, 'container_file_t', 'the type in the label of the root');
      expect.that('categories', categories.length >= 2, 'the label has two categories', { expected: 2, actual: mount });
    },
  }),

  defineCase({
    id: 'container/selinux/process',
    title: 'labels the process of a container as a container’s, and of a privileged one as free',
    level: 'required',
    rpcs,
    basis: [chosen, { kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: no SELinux restrictions' }],
    critest: ['SL-6#type', 'SL-7#categories'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const { process } = await labels(context, await given.podSandbox());
      const { type, categories } = labelIn(process);
      expect.equal('type', type, 'container_t', 'the type in the label of the process');
      expect.that('categories', categories.length >= 2, 'the label has two categories', {
        expected: 2,
        actual: process,
      });
      const free = await labels(context, await given.podSandbox(privileged), privileged);
      expect.equal('privileged', labelIn(free.process).type, 'spc_t', 'the type of a privileged container’s process');
    },
  }),

  defineCase({
    id: 'container/selinux/pods-apart',
    title: 'gives all containers of a pod one SELinux label, and those of another pod another',
    level: 'required',
    rpcs,
    basis: [chosen],
    critest: ['SL-8#one-pod', 'SL-9#two-pods'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const [first, second] = [await labels(context, pod), await labels(context, pod)];
      const other = await labels(context, await given.podSandbox());
      expect.equal('one-pod', second.process, first.process, 'the label of the second container of a pod');
      expect.that('two-pods', other.process !== first.process, 'a container of another pod has another label', {
        expected: `not ${first.process}`,
        actual: other.process,
      });
    },
  }),
];
