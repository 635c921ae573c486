import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitReason } from './exit-reason.ts';
import { foldResult } from './fold.ts';
import {
  aTarget,
  failedAt,
  finished,
  mustFail,
  passed,
  planned,
  probed,
  runFinished,
  runStarted,
} from './judge-samples.ts';
import type { Outcome } from '../model/outcome.ts';

const calm = { interrupted: false, defect: false, usage: false, target: false };
const result = (
  outcome: Outcome,
  state: 'ready' | 'unreachable' = 'ready',
  expectations = [mustFail(['z/z'])],
): ReturnType<typeof foldResult> =>
  foldResult(
    [
      runStarted,
      probed(aTarget('t', { state })),
      planned(['t'], ['a/b']),
      finished('t', 'a/b', outcome),
      runFinished(),
    ],
    expectations,
  );
const broken = { text: '', broken: true, actual: null, unit: 'ns', reason: '' };

test('the first reason that applies decides, in the order of the contract', () => {
  const worst = { ...result(failedAt('one'), 'unreachable'), gates: [broken] };
  assert.equal(exitReason(worst, { interrupted: true, defect: true, usage: true, target: true }), 'interrupted');
  assert.equal(exitReason(worst, { interrupted: false, defect: true, usage: true, target: true }), 'defect');
  assert.equal(exitReason(worst, { ...calm, usage: true }), 'usage');
  assert.equal(exitReason(worst, calm), 'target');
  assert.equal(exitReason(result(passed), { ...calm, target: true }), 'target');
  assert.equal(exitReason({ ...result(failedAt('one')), gates: [broken] }, calm), 'conformance');
  assert.equal(exitReason({ ...result(passed), gates: [broken] }, calm), 'gate');
  assert.equal(exitReason(result(passed), calm), 'expected');
});

test('a known failure is as expected, a pass where it must fail is not', () => {
  assert.equal(exitReason(result(failedAt('one'), 'ready', [mustFail(['a/b'])]), calm), 'expected');
  assert.equal(exitReason(result(passed, 'ready', [mustFail(['a/b'])]), calm), 'conformance');
});
