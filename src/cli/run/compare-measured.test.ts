import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget, parseTargets } from '../../model/target.ts';
import { baseName, comparedEvent, measuredTargets } from './compare-measured.ts';

const texts = (targets: ReturnType<typeof measuredTargets>): string[] =>
  targets.map(({ name, text }) => `${name}=${text}`);

test('an A/A run measures one target, its daemon once more, and a second daemon', () => {
  const aa = (text: string): string[] => texts(measuredTargets([parseTarget(text)], { workload: [], aa: true }));
  assert.deepEqual(aa('lab:containerd'), [
    'lab:containerd=lab:containerd',
    'same-daemon=lab:containerd',
    'second-daemon=lab:containerd+2',
  ]);
  assert.deepEqual(aa('x=lab:containerd+3@2.1/runc').slice(1), [
    'same-daemon=lab:containerd+3@2.1/runc',
    'second-daemon=lab:containerd+4@2.1/runc',
  ]);
});

test('a control is measured too, once, and is what the others are compared with', () => {
  const targets = parseTargets(['lab:containerd/crun', 'old=lab:containerd@1.6']);
  for (const [control, count, base] of [
    ['sim:', 3, 'sim'],
    ['old', 2, 'old'],
    ['lab:containerd@1.6', 2, 'old'],
  ] as const) {
    const measured = measuredTargets(targets, { workload: [], control });
    assert.equal(measured.length, count, control);
    assert.equal(baseName(measured, control), base);
  }
  assert.equal(baseName(targets, undefined), 'lab:containerd/crun');
});

test('there is nothing to compare in a run with one target', () => {
  assert.equal(comparedEvent([], 'a'), undefined);
});
