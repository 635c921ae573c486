import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  create,
  LinuxContainerSecurityContextSchema,
  SupplementalGroupsPolicy,
  UserNamespaceSchema,
  NamespaceMode,
} from '../cri/messages.ts';
import { requireUserNamespace } from './user-namespace.ts';
import { containerUser } from './user.ts';

const refused = { name: 'StatusError', code: 'InvalidArgument' };

test('a user has its group, the groups of the image and those of the config', () => {
  const inGroups = create(LinuxContainerSecurityContextSchema, {
    runAsUser: { value: 1000n },
    supplementalGroups: [1234n],
  });
  assert.deepEqual(containerUser(inGroups, ''), { uid: 1000, gid: 1000, groups: [1000, 1234, 50_000] });
  const strict = { ...inGroups, supplementalGroupsPolicy: SupplementalGroupsPolicy.Strict };
  assert.deepEqual(containerUser(strict, ''), { uid: 1000, gid: 1000, groups: [1000, 1234] });
});

test('the user of the image counts when the config names none', () => {
  assert.deepEqual(containerUser(undefined, 'www-data'), { uid: 33, gid: 33, groups: [33] });
  assert.deepEqual(containerUser(undefined, 'www-data:1004'), { uid: 33, gid: 1004, groups: [1004] });
  assert.deepEqual(containerUser(undefined, '1003:nogroup'), { uid: 1003, gid: 65_534, groups: [65_534] });
  assert.deepEqual(containerUser(undefined, '1002'), { uid: 1002, gid: 0, groups: [0] });
  const named = create(LinuxContainerSecurityContextSchema, { runAsUsername: 'nobody' });
  assert.deepEqual(containerUser(named, 'www-data:1004'), { uid: 65_534, gid: 65_534, groups: [65_534] });
});

test('names that are not known are refused', () => {
  assert.throws(() => containerUser(undefined, 'somebody'), refused);
  assert.throws(() => containerUser(undefined, 'root:some-group'), refused);
});

test('a pod has the node’s users, or one range of them with root among them', () => {
  const { POD, NODE, CONTAINER } = NamespaceMode;
  const range = { hostId: 65_536, containerId: 0, length: 65_536 };
  const asked =
    (mode: NamespaceMode, ...mappings: (typeof range)[]) =>
    () => {
      requireUserNamespace(create(UserNamespaceSchema, { mode, uids: mappings, gids: mappings }));
    };
  for (const accepted of [asked(POD, range), asked(NODE)]) assert.doesNotThrow(accepted);
  for (const one of [
    asked(POD),
    asked(POD, range, { ...range, containerId: 65_536 }),
    asked(POD, { ...range, containerId: 1 }),
    asked(NODE, range),
    asked(CONTAINER, range),
  ])
    assert.throws(one, refused);
});
