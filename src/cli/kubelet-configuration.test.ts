import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../model/error.ts';
import { readKubeletConfiguration } from './kubelet-configuration.ts';

const file = join(mkdtempSync(join(tmpdir(), 'crible-kubelet-')), 'config.yaml');
const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

function read(text: string): ReturnType<typeof readKubeletConfiguration> {
  writeFileSync(file, text);
  return readKubeletConfiguration(file);
}

test('reads the cgroup driver and nothing else', () => {
  assert.deepEqual(read(`${head}cgroupDriver: systemd\nauthentication: {anonymous: {enabled: false}}\n`), {
    cgroupDriver: 'systemd',
  });
});

test('where none is named it is the one that the kubelet takes', () => {
  assert.deepEqual(read(head), { cgroupDriver: 'cgroupfs' });
  assert.deepEqual(read(`${head}cgroupDriver: ""\n`), { cgroupDriver: 'cgroupfs' });
});

test('finds it among the documents of a kubeadm file, and in JSON', () => {
  assert.equal(read(`kind: ClusterConfiguration\n---\n${head}cgroupDriver: systemd\n---\n`).cgroupDriver, 'systemd');
  const json = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver: 'systemd' };
  assert.equal(read(JSON.stringify(json)).cgroupDriver, 'systemd');
});

const refused: readonly (readonly [what: string, text: string, told: RegExp])[] = [
  ['an empty file', '', /config\.yaml: it holds no KubeletConfiguration/],
  ['another kind', 'apiVersion: v1\nkind: Pod\n', /it holds no KubeletConfiguration/],
  ['two of them', `${head}---\n${head}`, /more than one KubeletConfiguration/],
  ['a driver that there is not', `${head}cgroupDriver: docker\n`, /config\.yaml: cgroupDriver: .*cgroupfs.*systemd/],
  ['what is no YAML', 'kind: [', /config\.yaml: /],
];
for (const [what, text, told] of refused) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && told.test(error.message) && error.advice.includes('/var/lib/kubelet'),
    );
  });
}

test('refuses a file that is not there', () => {
  assert.throws(
    () => readKubeletConfiguration('/nowhere/config.yaml'),
    (error) => error instanceof UsageError && /cannot read the kubelet's configuration: .*ENOENT/.test(error.message),
  );
});
