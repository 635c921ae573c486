import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Host, Target } from '../model/target.ts';
import { differingFactors } from './hidden-factors.ts';

function target(change: Partial<Target> = {}): Target {
  return {
    name: 'a',
    spec: 'lab:containerd',
    hostId: 'h',
    endpoint: 'unix:///a.sock',
    handler: '',
    state: 'ready',
    disturbed: false,
    runtimeName: 'containerd',
    runtimeVersion: '1.6.20',
    apiVersion: 'v1',
    features: [],
    configuration: { snapshotter: 'overlayfs', cgroupDriver: 'cgroupfs', lowLevelRuntime: 'runc 1.1.5' },
    binaries: [],
    limits: [],
    ...change,
  };
}

function host(change: Partial<Host> = {}): Host {
  return {
    id: 'h',
    hostname: 'node',
    os: 'Debian 12',
    kernel: '6.1',
    cpuModel: 'cpu',
    cpuCount: 2,
    memoryBytes: 2 ** 34,
    cgroupLayout: 'v2',
    cpuGovernor: 'performance',
    loadAverage: [0.1, 0.2, 0.3],
    node: '20.20.2',
    ...change,
  };
}

function configured(change: Readonly<Record<string, string>>, of: Partial<Target> = {}): Target {
  const base = target(of);
  return { ...base, configuration: { ...base.configuration, ...change } };
}

describe('hidden factors', () => {
  test('none between two labs of one runtime, whose paths and ports differ', () => {
    const a = configured({ sandboxImage: '127.0.0.1:4711/crible/pause:1', cniConfDir: '/labs/a/cni' });
    const b = configured({ sandboxImage: '127.0.0.1:4712/crible/pause:1', cniConfDir: '/labs/b/cni' });
    assert.deepEqual(differingFactors(a, b, { a: host(), b: host() }), []);
  });

  test('a setting, a program and a disturbance that differ', () => {
    const programs = (runc: string, containerd: string): Target['binaries'] => [
      { name: 'runc', path: '/r', version: runc, from: '' },
      { name: 'containerd', path: '/c', version: containerd, from: '' },
    ];
    const a = configured({ snapshotter: 'native' }, { binaries: programs('1.1.5', '1.6.20') });
    const b = target({ binaries: programs('1.3.0', '2.1.9'), disturbed: true });
    assert.deepEqual(differingFactors(a, b), [
      { factor: 'storage', a: 'native', b: 'overlay' },
      { factor: 'runc (program)', a: '1.1.5', b: '1.3.0' },
      { factor: 'a client beside crible', a: 'no', b: 'yes' },
    ]);
  });

  test('of two runtimes: what both have, and what is decisive even if one does not tell', () => {
    const crio = target({
      runtimeName: 'cri-o',
      configuration: { DropInfraCtr: 'true', cgroupDriver: 'systemd', lowLevelRuntime: 'crun 1.21' },
    });
    const containerd = configured({ discardUnpackedLayers: 'false', cni: 'bridge' });
    assert.deepEqual(differingFactors(containerd, crio), [
      { factor: 'cgroupDriver', a: 'cgroupfs', b: 'systemd' },
      { factor: 'lowLevelRuntime', a: 'runc 1.1.5', b: 'crun 1.21' },
      { factor: 'cni', a: 'bridge', b: 'not told' },
      { factor: 'storage', a: 'overlay', b: 'not told' },
    ]);
    const same = { ...crio, configuration: { ...crio.configuration, storage: 'overlay', cgroupDriver: 'cgroupfs' } };
    assert.ok(
      !differingFactors(containerd, same).some(({ factor }) => factor === 'storage'),
      'one file system, two names',
    );
  });

  test('handlers that are named are no secret, a default one is', () => {
    const runc = target({ handler: 'runc' });
    const crun = configured({ lowLevelRuntime: 'crun 1.8.1' }, { handler: 'crun' });
    assert.deepEqual(differingFactors(runc, crun), []);
    assert.equal(differingFactors(runc, { ...crun, handler: '' }).length, 1);
  });

  test('machines, and one machine in two states', () => {
    const later = host({ kernel: '6.12', loadAverage: [3, 1, 1] });
    assert.deepEqual(differingFactors(target(), target(), { a: host(), b: later }), [
      { factor: 'kernel', a: '6.1', b: '6.12' },
      { factor: 'load', a: 'idle before the run', b: '1.5 processes a processor before the run' },
    ]);
    const untold = host();
    delete untold.cpuGovernor;
    assert.deepEqual(differingFactors(target(), target(), { a: host(), b: untold }), [
      { factor: 'processor frequency governor', a: 'performance', b: 'not told' },
    ]);
    assert.deepEqual(differingFactors(target(), target({ hostId: 'i' })), [{ factor: 'machine', a: 'h', b: 'i' }]);
  });
});
