import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from './error.ts';
import { parsePurpose } from './purpose.ts';

test('reads every form of a purpose', () => {
  assert.deepEqual(parsePurpose('all'), { kind: 'all' });
  assert.deepEqual(parsePurpose('kubelet'), { kind: 'kubelet' });
  assert.deepEqual(parsePurpose('kubernetes-1.20'), { kind: 'kubernetes', minor: 20 });
  assert.deepEqual(parsePurpose('kubernetes-1.36'), { kind: 'kubernetes', minor: 36 });
});

for (const wrong of [
  '',
  'Kubelet',
  'kubernetes',
  'kubernetes-1.19',
  'kubernetes-1.37',
  'kubernetes-2.24',
  'kubernetes-1.24.3',
  'kubernetes-1.-1',
]) {
  test(`refuses '${wrong}' and names the forms`, () => {
    assert.throws(
      () => parsePurpose(wrong),
      (error) => error instanceof UsageError && /all, kubelet or kubernetes-1\.MINOR.*1\.20.*1\.36/.test(error.message),
    );
  });
}
