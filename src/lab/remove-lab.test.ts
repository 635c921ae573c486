import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchies, hybridTree } from './daemon-cgroup.ts';
import { withHostLock } from './host-lock.ts';
import { removalOf } from './iptables.ts';
import { LabError } from './lab-error.ts';
import { labPlaces } from './lab-name.ts';
import { mountsBelow } from './remove-lab.ts';

test('mounts of a lab, deepest first, and of no other', () => {
  const { folder, runFolder } = labPlaces('containerd');
  const line = (path: string): string => `100 27 0:45 / ${path} rw,relatime shared:1 - tmpfs tmpfs rw`;
  const paths = [`${runFolder}/state`, `${runFolder}/state/a/rootfs`, `${folder}/root`, `${folder}+2/root`, '/run'];
  assert.deepEqual(mountsBelow(labPlaces('containerd'), paths.map(line).join('\n')), [
    `${folder}/root`,
    `${runFolder}/state/a/rootfs`,
    `${runFolder}/state`,
  ]);
});

const v1 = [
  '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct',
  '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/x,name=systemd',
];
const v2 = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate';

test('cgroup trees and the one that crun must not see', () => {
  const hybrid = hierarchies([...v1, v2].join('\n'));
  assert.deepEqual(
    hybrid.map(({ controllers }) => controllers),
    ['cpu,cpuacct', 'name=systemd', 'unified'],
  );
  assert.equal(hybridTree(hybrid), '/sys/fs/cgroup/unified');
  assert.equal(hybridTree(hierarchies(v1.join('\n'))), undefined);
  assert.equal(hybridTree(hierarchies(v2)), undefined, 'a pure v2 tree stays');
});

test('firewall rules of one network are removed with the chains of its pods, and no other', () => {
  const rules = [
    ':CNI-HOSTPORT-DNAT - [0:0]',
    ':CNI-DN-aaaa - [0:0]',
    '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"crible-1\\" id: \\"p\\"" -m multiport --dports 80 -j CNI-DN-aaaa',
    '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"other\\" id: \\"p\\"" -m multiport --dports 81 -j CNI-DN-bbbb',
    '-A POSTROUTING -s 10.1.0.2/32 -m comment --comment "name: \\"crible-1\\" id: \\"p\\"" -j CNI-cccc',
    '-A CNI-HOSTPORT-DNAT -m comment --comment "dnat name: \\"crible-11\\" id: \\"p\\"" -j CNI-DN-dddd',
  ];
  assert.deepEqual(removalOf(rules, 'crible-1'), [
    (rules[2] ?? '').replace('-A', '-D'),
    (rules[4] ?? '').replace('-A', '-D'),
    '-F CNI-DN-aaaa',
    '-F CNI-cccc',
    '-X CNI-DN-aaaa',
    '-X CNI-cccc',
  ]);
});

test('a lock is held by one at a time and freed on failure', async () => {
  const name = `test ${String(process.pid)}`;
  const seen: string[] = [];
  const hold = (who: string) => () =>
    new Promise<void>((resolve) => {
      seen.push(`${who} in`);
      setTimeout(() => {
        seen.push(`${who} out`);
        resolve();
      }, 80);
    });
  await Promise.all([withHostLock(name, hold('a')), withHostLock(name, hold('b'))]);
  assert.deepEqual(seen, ['a in', 'a out', 'b in', 'b out']);
  await assert.rejects(
    withHostLock(name, () => Promise.reject(new Error('failed'))),
    /failed/,
  );
  const waiting = withHostLock(name, () => withHostLock(name, () => Promise.resolve(), { patienceMs: 60 }));
  await assert.rejects(waiting, (error) => error instanceof LabError && error.kind === 'busy');
  assert.equal(await withHostLock(name, () => Promise.resolve('free')), 'free');
});
