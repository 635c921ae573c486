import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probeKernel } from './probe-kernel.ts';

test('nothing is said of the kernel that containers of another machine run on', () => {
  const features = probeKernel(false, {});
  assert.deepEqual(
    features.map(({ name, present }) => [name, present]),
    [
      ['seccomp', false],
      ['apparmor', false],
      ['selinux', false],
    ],
  );
  for (const { detail } of features) assert.match(detail, /another kernel/);
});

test('each feature of this kernel says what was looked at', () => {
  const [seccomp, apparmor, selinux] = probeKernel(true, { enableSelinux: 'false' });
  assert.match(seccomp?.detail ?? '', /Seccomp/);
  assert.match(apparmor?.detail ?? '', /parameters\/enabled is|apparmor_parser/);
  assert.equal(selinux?.present, false);
});
