import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecurityProfile_ProfileType as ProfileType } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import type { Given } from '../../src/kit/given.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';
import { expectRefusal, expectSuccess, tried } from './printed.ts';
import { privileged } from './privileged.ts';

const needs = ['processes', 'host-files', 'seccomp'];
const status = 'cat /proc/1/status';
/** Asks for the system call sethostname(2), which takes CAP_SYS_ADMIN. */
const rename = 'hostname renamed && test "$(hostname)" = renamed';

/** What a container's config says of seccomp, and the capabilities that it adds. */
function confined(
  seccomp: { readonly profileType: ProfileType; readonly localhostRef?: string } | undefined,
  addCapabilities: string[] = [],
): ContainerDeviation {
  return { linux: { securityContext: { ...(seccomp && { seccomp }), capabilities: { addCapabilities } } } };
}

/** A profile on the host that allows every system call but these. */
function denying(given: Given, names: readonly string[]): { profileType: ProfileType; localhostRef: string } {
  const localhostRef = join(given.hostFolder(), 'profile.json');
  const syscalls = [{ names, action: 'SCMP_ACT_ERRNO' }];
  writeFileSync(localhostRef, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
  return { profileType: ProfileType.Localhost, localhostRef };
}

const changeMode = ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'];

/** The mode of a process by its /proc/PID/status (proc(5)): 0 without seccomp, 2 with a filter. */
function modesIn(text: string): readonly string[] {
  return [...text.matchAll(/\bSeccomp:\s*(?<mode>\d)/g)].map(({ groups }) => groups?.['mode'] ?? '');
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.missing-seccomp-profile',
    meaning: 'which call fails for a profile that is not on the node, and so which event its pod shows',
    stability: 'exact',
    source: 'source: containerd and CRI-O read the profile in CreateContainer, Docker when it starts the container',
  },
];

export const cases = [
  defineCase({
    id: 'container/seccomp/unconfined',
    title: 'lets a container that asks for no seccomp profile use every system call',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'SecurityProfile.ProfileType Unconfined: no profile is applied' },
      { kind: 'kubelet', text: 'sends Unconfined for containers without a seccompProfile' },
    ],
    critest: ['SE-1#mode', 'SE-5#allowed'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const unconfined = confined({ profileType: ProfileType.Unconfined }, ['SYS_ADMIN']);
      const seen = await tried(context, await given.sharedPodSandbox(), { status, rename }, unconfined);
      expect.equal('mode', modesIn(seen.status.text), ['0'], 'Seccomp of the process in /proc');
      expectSuccess(context, 'allowed', seen.rename, 'with SYS_ADMIN the hostname is changed');
    },
  }),

  defineCase({
    id: 'container/seccomp/runtime-default',
    title: 'confines a container by the runtime’s own seccomp profile, with what is executed in it',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ExecSync'],
    basis: [
      { kind: 'proto', text: 'SecurityProfile.ProfileType RuntimeDefault: the profile of the runtime' },
      {
        kind: 'kubelet',
        text: 'the restricted Pod Security Standard rests on it, and SeccompDefault makes it the rule',
      },
    ],
    critest: ['SE-3#process'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const config = confined({ profileType: ProfileType.RuntimeDefault });
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), config);
      const { stdout } = await execSync(context, id, ['cat', '/proc/1/status', '/proc/self/status']);
      const [own, executed] = modesIn(stdout);
      expect.equal('process', own, '2', 'Seccomp of the container’s process in /proc');
      expect.equal('executed', executed, '2', 'Seccomp of a command that is executed in the container');
    },
  }),

  defineCase({
    id: 'container/seccomp/unset',
    title: 'applies no seccomp profile to a container whose config says nothing of one',
    // A runtime can be configured to apply one all the same (containerd: unset_seccomp_profile).
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.seccomp_profile_path, which seccomp replaces: empty is the same as unconfined',
      },
    ],
    critest: ['SE-4#mode'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const seen = await tried(context, await given.sharedPodSandbox(), { status }, confined(undefined));
      expect.equal('mode', modesIn(seen.status.text), ['0'], 'Seccomp of the process in /proc');
    },
  }),

  defineCase({
    id: 'container/seccomp/localhost',
    title: 'confines a container by a seccomp profile of the node, with what is executed in it',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ExecSync'],
    basis: [
      {
        kind: 'proto',
        text: 'SecurityProfile: with Localhost, localhost_ref is the absolute path of a profile on the node',
      },
      { kind: 'kubelet', text: 'keeps such profiles below its root directory, in seccomp' },
    ],
    critest: ['SE-2#denied'],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const config = confined(denying(given, changeMode));
      const attempts = { mode: 'touch /tmp/file && chmod 600 /tmp/file', folder: 'mkdir /tmp/folder' };
      const seen = await tried(context, pod, attempts, config);
      expectRefusal(context, 'denied', seen.mode, 'Operation not permitted', 'what the profile forbids is refused');
      expectSuccess(context, 'others', seen.folder, 'what the profile allows is done');
      const { id } = await given.startedContainer(pod, config);
      const { exitCode, stderr } = await execSync(context, id, ['chmod', '600', '/etc/passwd']);
      expect.that('executed', exitCode !== 0 && stderr.includes('Operation not permitted'), 'to a command too', {
        expected: 'Operation not permitted',
        actual: { exitCode, stderr },
      });
    },
  }),

  defineCase({
    id: 'container/seccomp/missing-profile',
    title: 'runs no container whose seccomp profile is not on the node',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'SecurityProfile: with Localhost, localhost_ref names a profile of the node' },
      { kind: 'kubelet', text: 'leaves it to the runtime to find that there is none' },
    ],
    needs,
    async run({ given, cri, expect, observe }) {
      const pod = await given.sharedPodSandbox();
      const localhostRef = join(given.hostFolder(), 'missing.json');
      const config = await given.containerConfig(pod, confined({ profileType: ProfileType.Localhost, localhostRef }));
      const run = async (): Promise<void> => {
        const made = await cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config });
        await cri.runtime.startContainer({ containerId: made.containerId });
      };
      const { rpc, code } = await expect.fails('refused', run(), 'CreateContainer and StartContainer');
      observe('container.missing-seccomp-profile', `${rpc} is refused with ${code}`);
    },
  }),

  defineCase({
    id: 'container/seccomp/over-capabilities',
    title: 'keeps a container from what its seccomp profile forbids although a capability would allow it',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'LinuxContainerSecurityContext.seccomp: applies beside capabilities' }],
    critest: ['SE-6#denied'],
    needs,
    async run(context) {
      const { given } = context;
      const config = confined(denying(given, ['sethostname']), ['SYS_ADMIN']);
      const seen = await tried(context, await given.sharedPodSandbox(), { rename }, config);
      expectRefusal(context, 'denied', seen.rename, 'Operation not permitted', 'the hostname is not changed');
    },
  }),

  defineCase({
    id: 'container/seccomp/privileged',
    title: 'applies no seccomp profile to a privileged container',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: seccomp restrictions are not applied' }],
    critest: ['SE-7#allowed'],
    needs,
    async run(context) {
      const { given } = context;
      const pod = await given.podSandbox(privileged);
      const seccomp = denying(given, ['sethostname']);
      const config = { linux: { securityContext: { privileged: true, seccomp } } };
      const seen = await tried(context, pod, { rename }, config);
      expectSuccess(context, 'allowed', seen.rename, 'the hostname is changed');
    },
  }),
];
