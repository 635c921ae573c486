import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../model/result.ts';
import type { Target } from '../../model/target.ts';
import { aTarget } from '../judge-samples.ts';
import { apiVersion, cgroupDriver, network, sandboxImage } from './probed.ts';

function withFeatures(...names: readonly string[]): Target {
  const features = names.map((text) => ({
    name: text.replace('!', ''),
    present: !text.startsWith('!'),
    detail: 'seen',
  }));
  return aTarget('t', { features, configuration: { cgroupDriver: 'systemd' } });
}

for (const [version, minor, finding, text] of [
  ['v1', 22, 'not-verified', /v1alpha2 alone/],
  ['v1', 23, 'met', /answers runtime\.v1 of/],
  ['v1', 36, 'met', /answers runtime\.v1 of/],
  ['v1alpha2', 20, 'met', /from Kubernetes 1\.26 on does not/],
  ['v1alpha2', 25, 'met', /from Kubernetes 1\.26 on does not/],
  ['v1alpha2', 26, 'blocker', /needs runtime\.v1$/],
  ['', 24, 'blocker', /an unknown one/],
] as const) {
  test(`CRI '${version}' on Kubernetes 1.${String(minor)}: ${finding}`, () => {
    const found = apiVersion(aTarget('t', { apiVersion: version }), { minor });
    assert.equal(found.finding, finding);
    assert.match(found.text, text);
  });
}

const drivers: readonly (readonly [
  runtime: string | undefined,
  kubelet: 'systemd' | 'cgroupfs' | undefined,
  told: boolean,
  minor: number,
  finding: Finding,
  text: RegExp,
])[] = [
  ['systemd', undefined, false, 24, 'met', /driver, systemd; .*--kubelet-config/],
  ['systemd', 'systemd', false, 24, 'met', /systemd, as the kubelet's/],
  ['cgroupfs', 'systemd', false, 24, 'blocker', /is cgroupfs, and the kubelet's is systemd: pods cannot/],
  ['cgroupfs', 'systemd', false, 36, 'blocker', /pods cannot/],
  ['cgroupfs', 'systemd', true, 30, 'blocker', /pods cannot/],
  ['cgroupfs', 'systemd', true, 31, 'caveat', /takes the runtime's word/],
  ['unknown', 'systemd', false, 24, 'not-verified', /does not state its cgroup driver; the kubelet's is systemd/],
  [undefined, undefined, false, 24, 'not-verified', /does not state its cgroup driver$/],
];
for (const [runtime, kubelet, told, minor, finding, text] of drivers) {
  const configured = kubelet ?? 'no file';
  test(`driver ${runtime ?? 'unsaid'}${told ? ' by RuntimeConfig' : ''}, kubelet ${configured}, 1.${String(minor)}: ${finding}`, () => {
    const target = {
      ...withFeatures(told ? 'rpc:RuntimeConfig' : '!rpc:RuntimeConfig'),
      configuration: runtime === undefined ? {} : { cgroupDriver: runtime },
    };
    const found = cgroupDriver(target, { minor, kubelet: kubelet && { cgroupDriver: kubelet } });
    assert.equal(found.finding, finding);
    assert.match(found.text, text);
  });
}

test('the network must be reported as ready', () => {
  assert.equal(network(withFeatures('condition:NetworkReady')).finding, 'met');
  assert.equal(network(withFeatures('!condition:NetworkReady')).finding, 'blocker');
  assert.equal(network(withFeatures()).finding, 'blocker');
});

test('the sandbox image must be there, and pinned once the kubelet looks at that', () => {
  const image = (target: Target, minor = 24): Finding => sandboxImage(target, { minor }).finding;
  assert.equal(image(withFeatures('sandbox-image', 'sandbox-image-pinned')), 'met');
  assert.equal(image(withFeatures('sandbox-image', '!sandbox-image-pinned'), 23), 'caveat');
  assert.equal(image(withFeatures('sandbox-image', '!sandbox-image-pinned'), 22), 'met');
  assert.equal(image(withFeatures('!sandbox-image', '!sandbox-image-pinned')), 'caveat');
  assert.equal(image(withFeatures()), 'not-verified');
});
