import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aTarget } from '../judge/judge-samples.ts';
import { noiseFloors } from './noise-floors.ts';

test('the same socket and handler is one daemon; the same version in the same surroundings is two', () => {
  const a = aTarget('a', { endpoint: 'unix:///run/a.sock' });
  const floors = noiseFloors(
    [
      a,
      { ...a, name: 'again' },
      { ...a, name: 'second', endpoint: 'unix:///run/second.sock', configuration: { cniConfDir: '/labs/second/cni' } },
      { ...a, name: 'crun', handler: 'crun' },
      { ...a, name: 'newer', endpoint: 'unix:///run/newer.sock', runtimeVersion: '2.1.9' },
      { ...a, name: 'native', endpoint: 'unix:///run/native.sock', configuration: { snapshotter: 'native' } },
      { ...a, name: 'elsewhere', hostId: 'other' },
    ],
    'a',
  );
  assert.deepEqual(
    [...floors],
    [
      ['again', 'same-daemon'],
      ['second', 'two-daemons'],
    ],
  );
  assert.deepEqual([...noiseFloors([a], 'absent')], []);
});

test('a target behind a fault is not the same as one that is not', () => {
  const a = aTarget('a', { spec: 'lab:containerd' });
  const slow = { ...a, name: 'slow', spec: 'slow=fault:delay(StartContainer,20%)@lab:containerd' };
  assert.deepEqual([...noiseFloors([a, slow], 'a')], []);
  const alike = { ...slow, name: 'other', spec: 'other=fault:delay(StartContainer,20%)@lab:containerd' };
  assert.deepEqual([...noiseFloors([slow, alike], 'slow')], [['other', 'same-daemon']]);
});
