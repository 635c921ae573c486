import { defineCase } from '../../src/kit/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync, nobody } from './ask.ts';
import { expectIdentity, identityIn, tellIdentity } from './identity.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.unknown-username',
    meaning: 'which call tells that an image has no user of that name, and by which code',
    stability: 'exact',
    source: 'source: containerd and CRI-O look it up in CreateContainer, Docker when it starts the container',
  },
];

export const cases = [
  defineCase({
    id: 'container/user/run-as-username',
    revision: 2,
    title: 'runs a container as the user of that name in the image, with that user’s group unless the config names one',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.run_as_username: a name of the image’s /etc/passwd' },
      { kind: 'kubelet', text: 'sends it for an image whose USER is a name, unless the pod names a uid' },
      { kind: 'oci', text: 'image configuration, User: without a group it is that of /etc/passwd' },
    ],
    critest: ['SC-3#user'],
    needs: ['host-files'],
    async run(context) {
      const linux = { securityContext: { runAsUsername: 'www-data' } };
      const pod = await context.given.sharedPodSandbox();
      await expectIdentity(context, pod, 'user', { uid: 33 }, { linux }, 'the user of the process');
      await expectIdentity(context, pod, 'group', { gid: 33 }, { linux }, 'its group');
      const withGroup = { linux: { securityContext: { runAsUsername: 'www-data', runAsGroup: { value: 1234n } } } };
      await expectIdentity(
        context,
        pod,
        'with-group',
        { uid: 33, gid: 1234 },
        withGroup,
        'user and group that are named',
      );
    },
  }),

  defineCase({
    id: 'container/user/unknown-username',
    title: 'does not run a container as a user that its image does not know',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.run_as_username: must exist in the image, else the runtime must return an error',
      },
    ],
    async run({ given, cri, expect, observe }) {
      const pod = await given.sharedPodSandbox();
      const config = await given.containerConfig(pod, { linux: { securityContext: { runAsUsername: unknownUser } } });
      let refusing = 'CreateContainer';
      const run = async (): Promise<void> => {
        const { containerId } = await cri.runtime.createContainer({
          podSandboxId: pod.id,
          config,
          sandboxConfig: pod.config,
        });
        refusing = 'StartContainer';
        await cri.runtime.startContainer({ containerId });
      };
      const { code } = await expect.fails('refused', run(), 'CreateContainer, or StartContainer after it');
      observe('container.unknown-username', `${refusing} refused with ${code}`);
    },
  }),

  defineCase({
    id: 'container/user/group-without-user',
    title: 'refuses CreateContainer with run_as_group and without a user',
    level: 'specified',
    rpcs: ['CreateContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.run_as_group: only with run_as_user or run_as_username, else the runtime must return an error',
      },
    ],
    critest: ['SC-5#refused'],
    async run({ given, cri, expect }) {
      const pod = await given.sharedPodSandbox();
      const linux = { securityContext: { runAsGroup: { value: 1234n } } };
      const config = await given.containerConfig(pod, { linux });
      await expect.fails(
        'refused',
        cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
        'CreateContainer with a group alone',
      );
    },
  }),

  defineCase({
    id: 'container/user/of-image',
    title: 'runs a container as the USER of its image when the config names none',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'oci', text: 'image configuration, User: a user, with a group or without, each a name or a number' },
    ],
    needs: ['host-files'],
    async run(context) {
      const pod = await context.given.sharedPodSandbox();
      for (const [name, expected] of Object.entries(usersOfImages)) {
        await expectIdentity(context, pod, name, expected, {}, `the user of the process, image ${name}`, `${name}:1`);
      }
    },
  }),

  defineCase({
    id: 'container/user/over-image',
    title: 'runs a container as the user and group of its config, 0 too, whatever the USER of its image is',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.run_as_user and run_as_group are messages, so that 0 is told from unset',
      },
      { kind: 'kubelet', text: 'sends runAsUser 0 and runAsGroup 0 of a pod as they are' },
    ],
    needs: ['host-files'],
    async run(context) {
      const pod = await context.given.sharedPodSandbox();
      const rows = [
        { key: 'root', security: { runAsUser: { value: 0n } }, expected: { uid: 0 } },
        {
          key: 'group-of-root',
          security: { runAsUser: { value: 1007n }, runAsGroup: { value: 0n } },
          expected: { uid: 1007, gid: 0 },
        },
      ];
      for (const { key, security, expected } of rows) {
        const linux = { securityContext: security };
        const message = 'user and group of the process, where the image names 1003:1004';
        await expectIdentity(context, pod, key, expected, { linux }, message, 'user-uid-gid:1');
      }
    },
  }),

  defineCase({
    id: 'container/user/supplemental-groups',
    revision: 2,
    title: 'gives a container the supplemental groups of its config',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.supplemental_groups: groups beside the primary one' },
      { kind: 'kubelet', text: 'a pod’s supplementalGroups and fsGroup, by which its volumes can be read' },
    ],
    critest: ['SC-1#groups'],
    needs: ['host-files'],
    async run(context) {
      const user = { runAsUser: { value: 1007n }, runAsGroup: { value: 4321n } };
      const linux = { securityContext: { ...user, supplementalGroups: [1234n, 1_000_650_000n] } };
      // Namespaces of OpenShift have ranges of groups up there.
      const expected = { groups: [1234, 4321, 1_000_650_000] };
      const pod = await context.given.sharedPodSandbox();
      await expectIdentity(context, pod, 'groups', expected, { linux }, 'the groups of the process');
    },
  }),

  defineCase({
    id: 'container/user/of-exec',
    title: 'executes a command with the user and groups of its container',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [
      { kind: 'proto', text: 'ExecSync executes a command in a container' },
      { kind: 'kubelet', text: 'probes and hooks run with the rights of the container, not more' },
    ],
    async run(context) {
      const { given, expect } = context;
      const user = { runAsUser: { value: 1007n }, runAsGroup: { value: 4321n } };
      const linux = { securityContext: { ...user, supplementalGroups: [1234n] } };
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { linux });
      const { stdout } = await execSync(context, id, tellIdentity);
      const identity = { uid: 1007, gid: 4321, groups: [1234, 4321] };
      expect.equal('identity', identityIn(stdout), identity, 'who the command is');
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/group-without-user',
    title: 'refuses RunPodSandbox with run_as_group and without a user',
    level: 'specified',
    rpcs: ['RunPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxSandboxSecurityContext.run_as_group: only with run_as_user, else the runtime must return an error',
      },
    ],
    async run({ given, cri, expect, target }) {
      const config = given.podSandboxConfig({ linux: { securityContext: { runAsGroup: { value: 1234n } } } });
      await expect.fails(
        'refused',
        cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
        'RunPodSandbox with a group alone',
      );
    },
  }),
];

const unknownUser = `crible-${nobody.slice(0, 8)}`;

/** Fixture images, and who their USER is; a uid that /etc/passwd lacks has no group of its own. */
const usersOfImages = {
  'user-uid': { uid: 1002 },
  'user-name': { uid: 33, gid: 33 },
  'user-uid-gid': { uid: 1003, gid: 1004 },
  'user-name-gid': { uid: 33, gid: 1004 },
} as const;
