import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CaseVerdict } from '../model/expectation.ts';
import { aTarget, everyOutcome, failedAt, mayFail, mustFail, passed } from './judge-samples.ts';
import { appliesTo, matchExpectation } from './match-expectation.ts';
import { verdictOf } from './verdict.ts';

const expected: Record<'none' | 'must-fail' | 'may-fail', readonly CaseVerdict[]> = {
  // passed, failed, errored, timed-out, skipped, not-run, runtime-died
  none: [
    'as-expected',
    'unexpected-failure',
    'unexpected-failure',
    'unexpected-failure',
    'not-judged',
    'not-judged',
    'unexpected-failure',
  ],
  'must-fail': [
    'unexpected-pass',
    'as-expected',
    'unexpected-failure',
    'unexpected-failure',
    'not-judged',
    'not-judged',
    'unexpected-failure',
  ],
  'may-fail': [
    'as-expected',
    'as-expected',
    'unexpected-failure',
    'unexpected-failure',
    'not-judged',
    'not-judged',
    'unexpected-failure',
  ],
};

test('the verdict on every outcome under every expectation', () => {
  const verdicts = (expectation?: ReturnType<typeof mustFail>): readonly CaseVerdict[] =>
    everyOutcome.map((outcome) => verdictOf(outcome, expectation));
  assert.deepEqual(verdicts(), expected.none);
  assert.deepEqual(verdicts(mustFail(['a/b'])), expected['must-fail']);
  assert.deepEqual(verdicts(mayFail(['a/b'])), expected['may-fail']);
});

test('an expectation that names a key excuses no other failure', () => {
  for (const expectation of [mustFail(['a/b'], { key: 'one' }), mayFail(['a/b'], '99', { key: 'one' })]) {
    assert.equal(verdictOf(failedAt('one'), expectation), 'as-expected');
    assert.equal(verdictOf(failedAt('two'), expectation), 'unexpected-failure');
  }
});

test('a pass on a retry is a failure that nobody expected, unless it may fail', () => {
  assert.equal(verdictOf(passed, undefined, true), 'unexpected-failure');
  assert.equal(verdictOf(passed, mayFail(['a/b']), true), 'as-expected');
  assert.equal(verdictOf(passed, mustFail(['a/b']), true), 'unexpected-pass');
});

test('may-fail excuses no version from the one where it expires', () => {
  const excuse = mayFail(['a/b'], '1.7.0');
  const judge = (runtimeVersion: string): CaseVerdict => {
    const outcome = failedAt('one');
    return verdictOf(outcome, matchExpectation([excuse], 'a/b', aTarget('t', { runtimeVersion }), outcome));
  };
  assert.equal(judge('1.6.20~ds1'), 'as-expected');
  assert.equal(judge('1.7.0-rc.1'), 'unexpected-failure');
  assert.equal(judge('1.7.1'), 'unexpected-failure');
});

test('an expectation is about its runtime, versions, handlers and features only', () => {
  const target = aTarget('t', {
    handler: 'crun',
    features: [
      { name: 'user-namespaces', present: true, detail: '' },
      { name: 'checkpoint', present: false, detail: '' },
    ],
  });
  assert.ok(appliesTo(mustFail(['a/b']), target));
  assert.ok(!appliesTo(mustFail(['a/b'], { runtime: 'cri-o' }), target));
  assert.ok(!appliesTo(mustFail(['a/b'], { versions: '>=1.7' }), target));
  assert.ok(appliesTo(mustFail(['a/b'], { handlers: ['crun', 'runc'] }), target));
  assert.ok(!appliesTo(mustFail(['a/b'], { handlers: ['runc'] }), target));
  assert.ok(appliesTo(mustFail(['a/b'], { needs: ['user-namespaces', '!checkpoint', '!unprobed'] }), target));
  assert.ok(!appliesTo(mustFail(['a/b'], { needs: ['checkpoint'] }), target));
  assert.ok(!appliesTo(mustFail(['a/b'], { needs: ['!user-namespaces'] }), target));
});

test('of several expectations the one that names how it broke is taken', () => {
  const [one, two] = [mustFail(['a/*'], { key: 'one' }), mustFail(['a/b'], { key: 'two' })];
  assert.equal(matchExpectation([one, two], 'a/b', aTarget('t'), failedAt('two')), two);
  assert.equal(matchExpectation([one, two], 'a/b', aTarget('t'), passed), one);
  assert.equal(matchExpectation([one, two], 'b/b', aTarget('t'), passed), undefined);
});

test('only a broken promise meets must-fail, and nothing else excuses what is not one', () => {
  const key = fc.option(fc.constantFrom('one', 'two'), { nil: undefined });
  const outcome = fc.constantFrom(...everyOutcome, failedAt('two'));
  fc.assert(
    fc.property(outcome, key, fc.boolean(), fc.boolean(), (seen, named, may, flaky) => {
      const change = named === undefined ? {} : { key: named };
      const expectation = may ? mayFail(['a/b'], '99', change) : mustFail(['a/b'], change);
      const verdict = verdictOf(seen, expectation, flaky);
      const judged = seen.status !== 'skipped' && seen.status !== 'not-run';
      assert.equal(verdict !== 'not-judged', judged);
      if (!may && verdict === 'as-expected') assert.equal(seen.status, 'failed');
      if (verdict === 'unexpected-pass') assert.equal(seen.status, 'passed');
      if (verdictOf(seen, undefined, flaky) === 'as-expected') assert.equal(seen.status, 'passed');
    }),
  );
});
