import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/error.ts';
import { requireKnownCases, requireNoContradiction } from './check-expectations.ts';
import { aTarget, mayFail, mustFail } from './judge-samples.ts';

const ids = ['pod-sandbox/stop/unknown-id', 'container/stop/unknown-id'];

test('a pattern that matches no case is an error that names the closest ids', () => {
  requireKnownCases([mustFail(['*/stop/unknown-id'])], ids);
  assert.throws(
    () => {
      requireKnownCases([mustFail([ids[0] ?? '', 'container/stop/unknown'])], ids);
    },
    (error) =>
      error instanceof UsageError &&
      error.message.includes("container/stop/unknown'") &&
      error.advice.includes('container/stop/unknown-id'),
  );
});

test('a case may not both have to fail and be free to fail on one target', () => {
  const two = [mustFail(['container/**'], { versions: '<1.7' }), mayFail(['**/unknown-id'])];
  assert.throws(() => {
    requireNoContradiction(two, ids, [aTarget('t')]);
  }, /container\/stop\/unknown-id on t/);
  requireNoContradiction(two, ids, [aTarget('t', { runtimeVersion: '1.7.1' })]);
  requireNoContradiction([mustFail(['container/**']), mustFail(['**/unknown-id'])], ids, [aTarget('t')]);
});
