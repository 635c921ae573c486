import { SupplementalGroupsPolicy } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { containerStatus } from './ask.ts';
import { expectIdentity } from './identity.ts';

const { Merge, Strict } = SupplementalGroupsPolicy;

/** User 1000 is in group 50000 by the /etc/group of the image. */
const user = { runAsUser: { value: 1000n }, supplementalGroups: [1234n] };

export const cases = [
  defineCase({
    id: 'container/user/groups-of-image',
    title: 'adds the groups that the image’s /etc/group gives the user of a container',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'SupplementalGroupsPolicy.Merge, the default: those of the config and of the image together',
      },
      { kind: 'oci', text: 'image configuration, User: supplementary groups are those of /etc/group' },
    ],
    needs: ['host-files'],
    async run(context) {
      const linux = { securityContext: user };
      const expected = { gid: 1000, groups: [1000, 1234, 50_000] };
      const pod = await context.given.sharedPodSandbox();
      await expectIdentity(context, pod, 'groups', expected, { linux }, 'group and groups of the process');
    },
  }),

  defineCase({
    id: 'container/user/groups-strict',
    title: 'leaves the groups of the image’s /etc/group out with the supplemental groups policy Strict',
    level: 'optional',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'SupplementalGroupsPolicy.Strict: the groups of the config and no others' },
      { kind: 'kep', text: 'KEP-3619: a group that nobody gave to the pod must not open volumes to it' },
    ],
    critest: ['SG-2#groups'],
    needs: ['supplemental-groups-policy', 'host-files'],
    async run(context) {
      const linux = { securityContext: { ...user, supplementalGroupsPolicy: Strict } };
      const expected = { gid: 1000, groups: [1000, 1234] };
      const pod = await context.given.sharedPodSandbox();
      await expectIdentity(context, pod, 'groups', expected, { linux }, 'group and groups of the process');
    },
  }),

  defineCase({
    id: 'container/status/user',
    title: 'tells in a container’s status the user and groups that its first process has',
    level: 'optional',
    rpcs: ['ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.user: user identities initially attached to the first process' },
      { kind: 'kep', text: 'KEP-3619: pods’ status.containerStatuses[].user' },
    ],
    critest: ['SG-1#merge'],
    needs: ['supplemental-groups-policy'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const rows = [
        { key: 'merge', supplementalGroupsPolicy: Merge, groups: [1000n, 1234n, 50_000n] },
        { key: 'strict', supplementalGroupsPolicy: Strict, groups: [1000n, 1234n] },
      ];
      for (const { key, supplementalGroupsPolicy, groups } of rows) {
        const linux = { securityContext: { ...user, supplementalGroupsPolicy } };
        const { id } = await given.startedContainer(pod, { linux });
        const { user: told } = await containerStatus(context, id, `status-${key}`);
        const { uid, gid, supplementalGroups = [] } = told?.linux ?? {};
        const all = new Set(gid === undefined ? supplementalGroups : [gid, ...supplementalGroups]);
        expect.equal<unknown>(
          key,
          { uid, gid, groups: [...all].sort((a, b) => Number(a - b)) },
          { uid: 1000n, gid: 1000n, groups },
          `ContainerStatus.user.linux, its gid among the groups, with the policy ${key}`,
        );
      }
    },
  }),
];
