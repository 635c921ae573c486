import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaseDeclaration } from '../../model/case.ts';
import { aCase } from '../judge-samples.ts';
import { isNeeded, requirementOf } from './needed-cases.ts';
import { requirements } from './requirements.ts';

const kubernetes = (minor: number) => ({ kind: 'kubernetes', minor }) as const;

function declared(id: string, change: Partial<CaseDeclaration> = {}): CaseDeclaration {
  return { ...aCase(id), ...change };
}

test('the kubelet relies on what is required, and on what it does something with', () => {
  const specified = declared('image/x', { level: 'specified' });
  assert.equal(isNeeded(declared('image/x'), { kind: 'kubelet' }), true);
  assert.equal(isNeeded(specified, { kind: 'kubelet' }), false);
  assert.equal(isNeeded(specified, { kind: 'all' }), true);
  const used = declared('image/x', { level: 'specified', basis: [{ kind: 'kubelet', text: 'it lists' }] });
  assert.equal(isNeeded(used, { kind: 'kubelet' }), true);
  assert.equal(isNeeded(used, kubernetes(24)), true);
});

test('no node needs optional features, or events', () => {
  const basis: CaseDeclaration['basis'] = [{ kind: 'kubelet', text: 'it may' }];
  for (const one of [declared('attach/two', { level: 'optional', basis }), declared('event/order', { basis })]) {
    assert.equal(isNeeded(one, { kind: 'kubelet' }), true);
    assert.equal(isNeeded(one, kubernetes(36)), false);
  }
});

for (const [id, since] of [
  ['pod-sandbox-stats/attributes', 23],
  ['runtime/config/cgroup-driver', 28],
] as const) {
  test(`${id} is needed from Kubernetes 1.${String(since)} on`, () => {
    assert.equal(isNeeded(declared(id), kubernetes(since - 1)), false);
    assert.equal(isNeeded(declared(id), kubernetes(since)), true);
    assert.equal(isNeeded(declared(id), kubernetes(36)), true);
  });
}

test('what no requirement names is behind the last one', () => {
  assert.equal(requirementOf('something/new'), requirements.at(-1));
});
