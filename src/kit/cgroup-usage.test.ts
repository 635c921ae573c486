import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cgroupAt, cgroupCpu, cgroupMemoryBytes, cgroupOf, cgroupProcesses, thisMachine } from './cgroup-usage.ts';
import { fakeMachine, hybridMounts, v1Mounts, v2Mounts } from './fake-machine.testing.ts';

const v1Memory = 'cache 4096\ninactive_file 1\ntotal_cache 4096\ntotal_inactive_file 1000\n';
const v2Stat = 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n';

describe('usage of a cgroup', () => {
  test('v1: each figure from the tree of its controller, also where two controllers share one', () => {
    const machine = fakeMachine(
      {
        'proc/10/cgroup':
          '3:memory:/system.slice/containerd.service\n2:cpu,cpuacct:/system.slice/containerd.service\n1:name=systemd:/system.slice/containerd.service\n',
        'sys/fs/cgroup/cpu,cpuacct/system.slice/containerd.service/cpuacct.usage': '123456789012\n',
        'sys/fs/cgroup/cpu,cpuacct/system.slice/containerd.service/cgroup.procs': '10\n11\n11\n',
        'sys/fs/cgroup/cpu,cpuacct/system.slice/containerd.service/below/cgroup.procs': '12\n',
        'sys/fs/cgroup/memory/system.slice/containerd.service/memory.usage_in_bytes': '5000\n',
        'sys/fs/cgroup/memory/system.slice/containerd.service/memory.stat': v1Memory,
      },
      v1Mounts,
    );
    const cgroup = cgroupOf(10, machine);
    assert.ok(cgroup);
    assert.equal(cgroupCpu(cgroup)?.cpuNs, 123_456_789_012);
    assert.equal(cgroupMemoryBytes(cgroup), 4000);
    assert.deepEqual(cgroupProcesses(cgroup), new Set([10, 11, 12]), 'a process that is named twice is one');
  });

  test('v1: a process may be in other cgroups of other trees', () => {
    const machine = fakeMachine(
      {
        'proc/10/cgroup': '4:memory:/elsewhere\n2:cpuacct:/here\n1:cpu:/neither\n0::/\n',
        'sys/fs/cgroup/cpuacct/here/cpuacct.usage': '7\n',
        'sys/fs/cgroup/cpu/neither/cpuacct.usage': '8\n',
        'sys/fs/cgroup/memory/elsewhere/memory.usage_in_bytes': '9\n',
        'sys/fs/cgroup/memory/elsewhere/memory.stat': '',
      },
      hybridMounts,
    );
    const cgroup = cgroupOf(10, machine);
    assert.ok(cgroup);
    assert.equal(cgroupCpu(cgroup)?.cpuNs, 7);
    assert.equal(cgroupMemoryBytes(cgroup), 9);
  });

  test('hybrid: the v2 tree beside does not count, for a daemon may be at its root', () => {
    const machine = fakeMachine(
      {
        'proc/10/cgroup': '2:cpuacct:/crible/ab/daemon\n1:cpu:/crible/ab/daemon\n0::/\n',
        'sys/fs/cgroup/cpuacct/crible/ab/daemon/cpuacct.usage': '42\n',
        'sys/fs/cgroup/unified/cpu.stat': v2Stat,
      },
      hybridMounts,
    );
    assert.equal(cgroupCpu(cgroupOf(10, machine) ?? assert.fail())?.cpuNs, 42);
  });

  for (const [controller, more] of [
    ['without', ''],
    ['with', 'nr_periods 3\nnr_throttled 1\nthrottled_usec 900\n'],
  ] as const) {
    test(`v2 ${controller} the cpu controller`, () => {
      const machine = fakeMachine(
        {
          'proc/10/cgroup': '0::/system.slice/crio.service\n',
          'sys/fs/cgroup/system.slice/crio.service/cpu.stat': `${v2Stat}${more}`,
          'sys/fs/cgroup/system.slice/crio.service/cgroup.procs': '10\n',
        },
        v2Mounts,
      );
      const cgroup = cgroupOf(10, machine);
      assert.ok(cgroup);
      assert.equal(cgroupCpu(cgroup)?.cpuNs, 2_500_000_000);
      assert.equal(cgroupMemoryBytes(cgroup), undefined, 'the memory controller is off');
      assert.deepEqual(cgroupProcesses(cgroup), new Set([10]));
    });
  }

  test('v2 memory', () => {
    const machine = fakeMachine(
      {
        'proc/10/cgroup': '0::/a:b\n',
        'sys/fs/cgroup/a:b/memory.current': '5000\n',
        'sys/fs/cgroup/a:b/memory.stat': 'anon 1\ninactive_file 4000\nworkingset_refault_file 3\n',
      },
      v2Mounts,
    );
    assert.equal(cgroupMemoryBytes(cgroupOf(10, machine) ?? assert.fail()), 1000);
  });

  test('only a part of the tree is mounted, as in a container', () => {
    const mounts = v2Mounts.replace('0:22 / ', '0:22 /docker/ab ');
    const files = { 'sys/fs/cgroup/inner/cpu.stat': v2Stat };
    const machine = fakeMachine({ ...files, 'proc/10/cgroup': '0::/docker/ab/inner\n' }, mounts);
    assert.equal(cgroupCpu(cgroupOf(10, machine) ?? assert.fail())?.cpuNs, 2_500_000_000);
    for (const path of ['/docker/abc/inner', '/inner', '/../other']) {
      const other = fakeMachine({ ...files, 'proc/10/cgroup': `0::${path}\n` }, mounts);
      assert.equal(cgroupCpu(cgroupOf(10, other) ?? assert.fail()), undefined, path);
    }
  });

  test('an unknown layout, a process that is gone and garbage are unknown, never an error', () => {
    const none = fakeMachine({ 'proc/10/cgroup': 'no lines of that form' }, '');
    assert.deepEqual(cgroupOf(10, none), { cpu: undefined, memory: undefined });
    assert.equal(cgroupOf(11, none), undefined);
    assert.equal(cgroupCpu({ cpu: undefined }), undefined);
    assert.equal(cgroupMemoryBytes({ cpu: undefined, memory: undefined }), undefined);
    assert.equal(cgroupProcesses({ cpu: undefined, memory: undefined }), undefined);
    const garbage = fakeMachine({ 'sys/fs/cgroup/x/cpu.stat': 'nr_periods 1\n' }, v2Mounts);
    assert.equal(cgroupCpu(cgroupAt('/x', garbage)), undefined);
    assert.equal(cgroupProcesses(cgroupAt('/gone', garbage)), undefined);
  });

  test('a cgroup that was removed and made again is another one', () => {
    const machine = fakeMachine({ 'sys/fs/cgroup/run/cpu.stat': v2Stat }, v2Mounts);
    const before = cgroupCpu(cgroupAt('/run', machine));
    renameSync(join(machine.root, 'sys/fs/cgroup/run'), join(machine.root, 'sys/fs/cgroup/old'));
    mkdirSync(join(machine.root, 'sys/fs/cgroup/run'));
    machine.add({ 'sys/fs/cgroup/run/cpu.stat': v2Stat });
    const after = cgroupCpu(cgroupAt('/run', machine));
    assert.equal(before?.cpuNs, after?.cpuNs);
    assert.notEqual(before?.inode, after?.inode);
  });

  test('this machine’s own', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
    const cgroup = cgroupOf(process.pid);
    assert.ok(cgroup);
    if (thisMachine().trees.length > 0) assert.ok((cgroupCpu(cgroup)?.cpuNs ?? 0) > 0);
  });
});
