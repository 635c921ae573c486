import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerdConfig, type ContainerdSettings } from './containerd-config.ts';

const settings: ContainerdSettings = {
  version: { major: 1, minor: 6 },
  root: '/home/lab/root',
  state: '/run/lab/state',
  socket: '/run/lab/containerd.sock',
  privateFolder: '/home/lab/private',
  snapshotter: 'overlayfs',
  sandboxImage: '127.0.0.1:1/crible/pause:1',
  handlers: [
    { name: 'runc', path: '/bin/runc', stateRoot: '/run/lab/runc' },
    { name: 'crun', path: '/bin/crun', stateRoot: '/run/lab/crun' },
  ],
  cni: { pluginFolders: ['/usr/lib/cni'], configurationFolder: '/home/lab/cni' },
  restrictOomScoreAdj: true,
};

/** `table/key` of every assignment; no value of ours spans lines. */
function assignments(toml: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  let table = '';
  for (const line of toml.split('\n').filter((text) => text !== '')) {
    const heading = /^\[(?<name>.+)\]$/.exec(line)?.groups?.['name'];
    if (heading !== undefined) {
      table = heading;
      continue;
    }
    const [, key = '', value = ''] = /^(\w+) = (.+)$/.exec(line) ?? [];
    const name = table === '' ? key : `${table}/${key}`;
    assert.ok(!found.has(name), `${name} is assigned once`);
    found.set(name, JSON.parse(value));
  }
  return found;
}

/** Keys whose values are paths or switches that would otherwise be shared with another containerd on the machine. */
const isolating1 = [
  'root',
  'state',
  'imports',
  'grpc/address',
  'ttrpc/address',
  'plugins."io.containerd.internal.v1.opt"/path',
  'plugins."io.containerd.nri.v1.nri"/disable',
  'plugins."io.containerd.grpc.v1.cri"/netns_mounts_under_state_dir',
  'plugins."io.containerd.grpc.v1.cri"/stream_server_address',
  'plugins."io.containerd.grpc.v1.cri"/stream_server_port',
  'plugins."io.containerd.grpc.v1.cri".registry/config_path',
  'plugins."io.containerd.grpc.v1.cri".cni/conf_dir',
  'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options/Root',
  'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun.options/Root',
];
const isolating2 = [
  'plugins."io.containerd.image-verifier.v1.bindir"/bin_dir',
  'plugins."io.containerd.cri.v1.runtime"/netns_mounts_under_state_dir',
  'plugins."io.containerd.cri.v1.runtime"/cdi_spec_dirs',
  'plugins."io.containerd.cri.v1.runtime".cni/conf_dir',
  'plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options/Root',
  'plugins."io.containerd.cri.v1.images".registry/config_path',
  'plugins."io.containerd.grpc.v1.cri"/stream_server_address',
  ...isolating1.filter((key) => !key.includes('grpc.v1.cri')),
];

test('containerd 1.x: schema version 2, everything shared made private', () => {
  const config = assignments(containerdConfig(settings));
  for (const key of isolating1) assert.ok(config.has(key), `${key} is missing`);
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  assert.equal(config.get('version'), 2);
  assert.equal(config.get(`${cri}/sandbox_image`), settings.sandboxImage);
  assert.equal(config.get(`${cri}/restrict_oom_score_adj`), true);
  assert.equal(config.get(`${cri}.containerd/default_runtime_name`), 'runc');
  assert.equal(config.get(`${cri}.containerd.runtimes.crun.options/BinaryName`), '/bin/crun');
  assert.ok(!config.has(`${cri}/cdi_spec_dirs`), '1.6 does not know CDI');
  const seventh = assignments(containerdConfig({ ...settings, version: { major: 1, minor: 7 } }));
  assert.deepEqual(seventh.get(`${cri}/cdi_spec_dirs`), ['/home/lab/private/cdi']);
});

test('containerd 2.x: schema version 3, everything shared made private', () => {
  const config = assignments(containerdConfig({ ...settings, version: { major: 2, minor: 1 } }));
  for (const key of isolating2) assert.ok(config.has(key), `${key} is missing`);
  assert.equal(config.get('version'), 3);
  assert.equal(config.get('plugins."io.containerd.cri.v1.images".pinned_images/sandbox'), settings.sandboxImage);
  assert.deepEqual(config.get('plugins."io.containerd.cri.v1.runtime".cni/bin_dirs'), ['/usr/lib/cni']);
});

test('2.0 does not know bin_dirs; later versions warn of bin_dir', () => {
  const cni = 'plugins."io.containerd.cri.v1.runtime".cni';
  const zero = assignments(containerdConfig({ ...settings, version: { major: 2, minor: 0 } }));
  assert.equal(zero.get(`${cni}/bin_dir`), '/usr/lib/cni');
  assert.ok(!zero.has(`${cni}/bin_dirs`));
});

test('only the chosen snapshotter is left on', () => {
  const disabled = assignments(containerdConfig({ ...settings, snapshotter: 'native' })).get('disabled_plugins');
  assert.ok(Array.isArray(disabled));
  assert.ok(disabled.includes('io.containerd.snapshotter.v1.overlayfs'));
  assert.ok(!disabled.includes('io.containerd.snapshotter.v1.native'));
});
