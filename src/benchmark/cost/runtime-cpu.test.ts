import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cgroupAt, type Machine } from '../../kit/cgroup-usage.ts';
import { fakeMachine, hybridMounts, v2Mounts, type Files } from '../../kit/fake-machine.testing.ts';
import {
  containersCpuBetween,
  daemonCpuBetween,
  podsCpuBetween,
  readRuntimeCpu,
  runtimeCgroups,
} from './runtime-cpu.ts';
import type { RuntimeProcesses } from './runtime-processes.ts';

const self = 99;
const usage = (microseconds: number): string => `usage_usec ${String(microseconds)}\n`;

function daemons(...pids: readonly number[]): RuntimeProcesses {
  const [first = 0, ...rest] = pids;
  const daemon = (pid: number) => ({ pid, startTime: '1', name: 'containerd' });
  return { daemons: [daemon(first), ...rest.map(daemon)], containerdSockets: [], namespace: 'k8s.io' };
}

/** A v2 machine with the daemon (process 10) in a service and one pod with two containers below /run. */
function machineWith(more: Files = {}): ReturnType<typeof fakeMachine> {
  return fakeMachine(
    {
      'proc/10/cgroup': '0::/service\n',
      [`proc/${String(self)}/cgroup`]: '0::/user/session\n',
      'sys/fs/cgroup/service/cpu.stat': usage(1000),
      'sys/fs/cgroup/run/cpu.stat': usage(500),
      'sys/fs/cgroup/run/pod1/cpu.stat': usage(400),
      'sys/fs/cgroup/run/pod1/a/cpu.stat': usage(100),
      'sys/fs/cgroup/run/pod1/b/cpu.stat': usage(200),
      ...more,
    },
    v2Mounts,
  );
}

function cgroupsOn(machine: Machine, runtime = daemons(10), pods = '/run') {
  return runtimeCgroups(runtime, cgroupAt(pods, machine), machine, self);
}

describe('CPU time of a runtime', () => {
  test('is that of the daemon’s cgroup and of the pods’', () => {
    const machine = machineWith();
    const cgroups = cgroupsOn(machine);
    const start = readRuntimeCpu(cgroups, true);
    machine.add({
      'sys/fs/cgroup/service/cpu.stat': usage(1600),
      'sys/fs/cgroup/run/cpu.stat': usage(590),
      // `a` went on, `b` ended, `c` began, a monitor worked.
      'sys/fs/cgroup/run/pod1/a/cpu.stat': usage(130),
      'sys/fs/cgroup/run/pod1/c/cpu.stat': usage(20),
      'sys/fs/cgroup/run/pod1/crio-conmon-c/cpu.stat': usage(10),
    });
    rmSync(join(machine.root, 'sys/fs/cgroup/run/pod1/b'), { recursive: true });
    const end = readRuntimeCpu(cgroups, true);
    assert.deepEqual(daemonCpuBetween(start, end), { ok: true, value: 600_000 });
    assert.deepEqual(podsCpuBetween(start, end), { ok: true, value: 90_000 });
    assert.equal(containersCpuBetween(start, end), 30_000, 'only the container that was there all the time');
    assert.equal(containersCpuBetween(readRuntimeCpu(cgroups, false), end), undefined);
  });

  test('pods that were not there began at nothing; pods that were never there used nothing', () => {
    const machine = machineWith();
    const cgroups = cgroupsOn(machine, daemons(10), '/later');
    const start = readRuntimeCpu(cgroups, false);
    assert.deepEqual(podsCpuBetween(start, readRuntimeCpu(cgroups, false)), { ok: true, value: 0 });
    machine.add({ 'sys/fs/cgroup/later/cpu.stat': usage(70) });
    assert.deepEqual(podsCpuBetween(start, readRuntimeCpu(cgroups, false)), { ok: true, value: 70_000 });
  });

  test('is unknown when a cgroup was removed, made again or not', () => {
    const machine = machineWith();
    const cgroups = cgroupsOn(machine);
    const start = readRuntimeCpu(cgroups, false);
    rmSync(join(machine.root, 'sys/fs/cgroup/run'), { recursive: true });
    assert.match(JSON.stringify(podsCpuBetween(start, readRuntimeCpu(cgroups, false))), /was removed, and its CPU/);
    rmSync(join(machine.root, 'sys/fs/cgroup/service'), { recursive: true });
    machine.add({ 'sys/fs/cgroup/other/x': '', 'sys/fs/cgroup/service/cpu.stat': usage(5000) });
    assert.match(JSON.stringify(daemonCpuBetween(start, readRuntimeCpu(cgroups, false))), /removed and made again/);
  });

  test('a cgroup that crible is in, too, is not the daemon’s', () => {
    for (const path of ['/', '/user', '/user/session']) {
      const { daemons: found } = cgroupsOn(machineWith({ 'proc/10/cgroup': `0::${path}\n` }));
      assert.match(JSON.stringify(found), /no cgroup to itself/, path);
    }
    const { daemons: beside } = cgroupsOn(machineWith({ 'proc/10/cgroup': '0::/user/sess\n' }));
    assert.equal(beside.ok, true);
  });

  test('daemons of one cgroup, or of one inside another, count once', () => {
    const machine = machineWith({
      'proc/11/cgroup': '0::/service\n',
      'proc/12/cgroup': '0::/service/inner\n',
      'sys/fs/cgroup/service/inner/cpu.stat': usage(300),
    });
    const cgroups = cgroupsOn(machine, daemons(10, 11, 12));
    const start = readRuntimeCpu(cgroups, false);
    machine.add({
      'sys/fs/cgroup/service/cpu.stat': usage(1100),
      'sys/fs/cgroup/service/inner/cpu.stat': usage(400),
    });
    assert.deepEqual(daemonCpuBetween(start, readRuntimeCpu(cgroups, false)), { ok: true, value: 100_000 });
  });

  test('pods below the daemon’s cgroup count once', () => {
    const machine = machineWith({ 'sys/fs/cgroup/service/run/cpu.stat': usage(100) });
    const cgroups = cgroupsOn(machine, daemons(10), '/service/run');
    const start = readRuntimeCpu(cgroups, false);
    machine.add({
      'sys/fs/cgroup/service/cpu.stat': usage(1100),
      'sys/fs/cgroup/service/run/cpu.stat': usage(130),
    });
    const end = readRuntimeCpu(cgroups, false);
    assert.deepEqual(daemonCpuBetween(start, end), { ok: true, value: 70_000 });
    assert.deepEqual(podsCpuBetween(start, end), { ok: true, value: 30_000 });
  });

  test('is unknown where the layout is, or the daemon is gone', () => {
    const nothing = fakeMachine({ 'proc/10/cgroup': '0::/service\n' });
    const { daemons: unknown, pods } = cgroupsOn(nothing);
    assert.match(JSON.stringify([unknown, pods]), /no cgroup tree here.*no cgroup tree here/);
    const gone = cgroupsOn(machineWith(), daemons(11));
    assert.match(JSON.stringify(gone.daemons), /containerd \(process 11\) has ended/);
    assert.equal(daemonCpuBetween(readRuntimeCpu(gone, true), readRuntimeCpu(gone, true)).ok, false);
  });

  test('hybrid: crible and the daemon share the v2 tree’s root and nothing else', () => {
    const machine = fakeMachine(
      {
        'proc/10/cgroup': '2:cpuacct:/crible/ab/daemon\n0::/\n',
        [`proc/${String(self)}/cgroup`]: '2:cpuacct:/\n0::/\n',
        'sys/fs/cgroup/cpuacct/crible/ab/daemon/cpuacct.usage': '1000\n',
      },
      hybridMounts,
    );
    const { daemons: found } = cgroupsOn(machine);
    const path = join(machine.root, 'sys/fs/cgroup/cpuacct/crible/ab/daemon');
    assert.deepEqual(found, { ok: true, value: [{ path, unified: false }] });
  });
});
