import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { textOf } from '../../src/kit/cgroup-usage.ts';
import { execSync } from './ask.ts';

const { POD, NODE, CONTAINER, TARGET } = NamespaceMode;

interface Mapping {
  readonly hostId: number;
  readonly containerId: number;
  readonly length: number;
}

/** As the kubelet maps: the ids of a 16-bit system to a range of the node’s that no other pod has. */
const mapping: Mapping = { hostId: 20 * 65_536, containerId: 0, length: 65_536 };

function userNamespace(mode: NamespaceMode, mappings: readonly Mapping[]) {
  const ids = [...mappings];
  return { linux: { securityContext: { namespaceOptions: { usernsOptions: { mode, uids: ids, gids: ids } } } } };
}

/** The ids that a file of /proc/PID maps: container's, node's, how many, parted by single blanks. */
function mapIn(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

/** RunPodSandbox with a user namespace that no pod of the kubelet's has is refused. */
async function expectRefused(
  { given, cri, expect, target }: CaseContext,
  key: string,
  mode: NamespaceMode,
  mappings: readonly Mapping[],
  message: string,
): Promise<void> {
  const config = given.podSandboxConfig(userNamespace(mode, mappings));
  const run = cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler });
  await expect.fails(key, run, `RunPodSandbox with ${message}`);
}

export const cases = [
  defineCase({
    id: 'container/user-namespace/pod',
    title: 'maps the users and groups of a pod to those of the node that its config says',
    level: 'optional',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'UserNamespace with mode POD: the mappings of the pod’s user namespace' },
      { kind: 'kep', text: 'KEP-127: root in a pod with hostUsers false is nobody on the node' },
    ],
    critest: ['UN-1#uids'],
    needs: ['user-namespaces'],
    async run(context) {
      const { given, expect } = context;
      const mapped = userNamespace(POD, [mapping]);
      const { id } = await given.startedContainer(await given.podSandbox(mapped), mapped);
      const { stdout: uids } = await execSync(context, id, ['cat', '/proc/self/uid_map'], 'exec-uids');
      const expected = [mapping.containerId, mapping.hostId, mapping.length].join(' ');
      expect.equal('uids', mapIn(uids), expected, 'the map of its users');
      const { stdout: gids } = await execSync(context, id, ['cat', '/proc/self/gid_map'], 'exec-gids');
      expect.equal('gids', mapIn(gids), expected, 'the map of its groups');
    },
  }),

  defineCase({
    id: 'container/user-namespace/node',
    title: 'leaves the users of a pod those of the node with the user namespace NODE',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'UserNamespace with mode NODE: the user namespace of the node' },
      { kind: 'kubelet', text: 'what it asks for unless a pod has hostUsers false' },
    ],
    critest: ['UN-2#uids'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, expect } = context;
      const unmapped = userNamespace(NODE, []);
      const { id } = await given.startedContainer(await given.podSandbox(unmapped), unmapped);
      const { stdout } = await execSync(context, id, ['cat', '/proc/self/uid_map']);
      expect.equal('uids', mapIn(stdout), mapIn(textOf('/proc/self/uid_map') ?? ''), 'the map of its users');
    },
  }),

  defineCase({
    id: 'pod-sandbox/user-namespace/mappings',
    title: 'refuses RunPodSandbox with mappings of users that it cannot make',
    level: 'optional',
    rpcs: ['RunPodSandbox'],
    basis: [
      { kind: 'proto', text: 'UserNamespace.uids and gids: the mappings of the user namespace' },
      {
        kind: 'kep',
        text: 'KEP-127: a pod has one range of the node’s ids, root among them; a sandbox with less is not isolated as asked for',
      },
    ],
    critest: ['UN-3#two', 'UN-4#without-root'],
    needs: ['user-namespaces'],
    async run(context) {
      const { hostId, length } = mapping;
      const two = [mapping, { hostId: hostId + length, containerId: length, length }];
      await expectRefused(context, 'two', POD, two, 'two mappings');
      const withoutRoot = [{ ...mapping, containerId: 1 }];
      await expectRefused(context, 'without-root', POD, withoutRoot, 'a mapping that leaves out user 0');
    },
  }),

  defineCase({
    id: 'pod-sandbox/user-namespace/modes',
    title: 'refuses RunPodSandbox with a user namespace whose mode is neither POD nor NODE',
    level: 'optional',
    rpcs: ['RunPodSandbox'],
    basis: [{ kind: 'proto', text: 'UserNamespace.mode: POD and NODE, not CONTAINER or TARGET' }],
    critest: ['UN-5#container', 'UN-6#target'],
    needs: ['user-namespaces'],
    async run(context) {
      await expectRefused(context, 'container', CONTAINER, [mapping], 'a user namespace CONTAINER');
      await expectRefused(context, 'target', TARGET, [mapping], 'a user namespace TARGET');
    },
  }),
];
