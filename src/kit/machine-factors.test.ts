import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cniPlugins, lowLevelRuntime, storageOf } from './machine-factors.ts';

describe('factors that make targets differ', () => {
  test('CNI plug-ins from containerd’s cniconfig', () => {
    const network = (...types: string[]): object => ({
      Config: { Name: 'n', Plugins: types.map((type) => ({ Network: { type, ipam: {} }, Source: '{}' })) },
      IFName: 'eth0',
    });
    const config = { PluginDirs: [], Networks: [network('loopback'), network('bridge', 'portmap')] };
    assert.equal(cniPlugins(JSON.stringify(config)), 'bridge + portmap');
    assert.equal(cniPlugins(JSON.stringify({ Networks: [network('loopback')] })), undefined);
    for (const text of [undefined, '', 'null', '{"Networks":{}}']) assert.equal(cniPlugins(text), undefined);
  });

  test('the storage driver from where the images lie', () => {
    assert.equal(storageOf('/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs'), 'overlay');
    assert.equal(storageOf('/var/lib/containerd/io.containerd.snapshotter.v1.native'), 'native');
    assert.equal(storageOf('/var/lib/containers/storage/overlay-images'), 'overlay');
    assert.equal(storageOf('/var/lib/docker'), undefined);
  });

  test('the low-level runtime behind a handler, named or by default', () => {
    const containerd = JSON.stringify({
      containerd: {
        defaultRuntimeName: 'runc',
        runtimes: {
          runc: { runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '' } },
          crun: { runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun' } },
          old: { runtimeType: 'io.containerd.runc.v2', options: null },
          kata: { runtimeType: 'io.containerd.kata.v2', options: null },
        },
      },
    });
    assert.equal(lowLevelRuntime(containerd, ''), 'runc');
    assert.equal(lowLevelRuntime(containerd, 'crun'), '/usr/bin/crun');
    assert.equal(lowLevelRuntime(containerd, 'old'), 'runc');
    assert.equal(lowLevelRuntime(containerd, 'kata'), undefined);
    assert.equal(lowLevelRuntime(containerd, 'none'), undefined);
    const crio = JSON.stringify({
      crio: { DefaultRuntime: 'crun', Runtimes: { crun: { RuntimePath: '/usr/libexec/crio/crun' } } },
    });
    assert.equal(lowLevelRuntime(crio, ''), '/usr/libexec/crio/crun');
    assert.equal(lowLevelRuntime('garbage', ''), undefined);
  });
});
