import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mutation } from '../model/mutation.ts';
import type { Outcome } from '../model/outcome.ts';
import { judgePair, killersOf, mutationProblems, provenCases, tallyMutation, type AskedPair } from './mutation.ts';

const passed: Outcome = { status: 'passed' };
const failedAt = (key: string): Outcome => ({
  ...{ status: 'failed', key, message: 'm', expected: 1, actual: 2, evidence: [], transcript: [] },
});
const others: readonly Outcome[] = [
  { status: 'errored', phase: 'setup', message: 'no pod', transcript: [] },
  { status: 'timed-out', timeoutMs: 1, message: 'late', transcript: [] },
  { status: 'runtime-died', message: 'gone', transcript: [] },
  { status: 'skipped', missing: ['x'], reason: 'lacks x' },
  { status: 'not-run', reason: 'interrupted' },
];
const pair = (fault: string, caseId: string, outcome: Outcome, wantedKey?: string): AskedPair => ({
  ...{ fault, caseId, on: 'runtime', outcome },
  ...(wantedKey === undefined ? {} : { wantedKey }),
});

test('only a failed expectation, and the one that was meant, is a kill', () => {
  assert.equal(judgePair(pair('f', 'a/b', failedAt('k'))).state, 'killed');
  assert.equal(judgePair(pair('f', 'a/b', failedAt('k'), 'k')).state, 'killed');
  assert.equal(judgePair(pair('f', 'a/b', failedAt('k'), 'other')).state, 'no-proof');
  assert.equal(judgePair(pair('f', 'a/b', passed)).state, 'survived');
  for (const outcome of others) assert.notEqual(judgePair(pair('f', 'a/b', outcome)).state, 'killed', outcome.status);
});

test('a pair that was asked again says so', () => {
  assert.equal(judgePair({ ...pair('f', 'a/b', failedAt('k'), 'k'), again: true }).again, true);
  assert.ok(!('again' in judgePair(pair('f', 'a/b', failedAt('k'), 'k'))));
});

const asked: readonly AskedPair[] = [
  pair('one', 'a/killed', failedAt('k1')),
  pair('two', 'a/killed', failedAt('k1')),
  pair('three', 'a/killed', failedAt('k2')),
  pair('one', 'a/survivor', passed),
];
const pairs = asked.map(judgePair);
const plain = [
  { caseId: 'a/killed', on: 'runtime', outcome: passed, asked: ['k1', 'k2', 'k3'] },
  { caseId: 'a/survivor', on: 'runtime', outcome: passed, asked: ['k1'] },
  { caseId: 'a/unreachable', on: 'runtime', outcome: failedAt('k1'), asked: ['k1'] },
] as const;
const cases = provenCases(['a/killed', 'a/survivor', 'a/unreachable'], pairs, plain);

test('a case is killed, survives, or cannot be reached; its keys that were never seen failing are named', () => {
  assert.deepEqual(
    cases.map(({ id, state, unproven }) => [id, state, unproven]),
    [
      ['a/killed', 'killed', ['k3']],
      ['a/survivor', 'survived', ['k1']],
      ['a/unreachable', 'unreachable-here', []],
    ],
  );
  assert.match(cases[2]?.reason ?? '', /on the runtime it is failed: m/);
  assert.deepEqual([...(killersOf(pairs).get('a/killed#k1') ?? [])], ['one', 'two']);
  assert.deepEqual(tallyMutation({ cases }), {
    ...{ killed: 1, survived: 1, unreachable: 1 },
    ...{ expectations: 4, unproven: 2 },
  });
});

const matrix: Mutation = {
  tool: { name: 'crible', version: '0' },
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.000Z',
  seed: 1,
  grounds: [],
  baseline: [],
  pairs: [judgePair(pair('one', 'a/b', failedAt('k')))],
  cases: provenCases(
    ['a/b'],
    [judgePair(pair('one', 'a/b', failedAt('k')))],
    [{ caseId: 'a/b', on: 'runtime', outcome: passed, asked: ['k'] }],
  ),
  faults: [{ name: 'one', breaks: 'p', kills: 1, onlyKillerOf: ['a/b#k'] }],
};

test('a matrix in which everything is proven has no problems, and each way to fall short is one', () => {
  assert.deepEqual(mutationProblems(matrix, undefined), []);
  assert.deepEqual(mutationProblems(matrix, matrix), []);
  const [fault] = matrix.faults;
  assert.ok(fault);
  const problemsOf = (change: Partial<Mutation>): string =>
    mutationProblems({ ...matrix, ...change }, matrix).join('\n');
  assert.match(
    problemsOf({ baseline: [{ caseId: 'a/b', on: 'runtime', outcome: 'failed', message: 'm' }] }),
    /a\/b is failed on the runtime with no fault on: m/,
  );
  assert.match(problemsOf({ pairs }), /a\/survivor behind one: survived/);
  assert.match(problemsOf({ cases }), /a\/survivor: no fault kills it/);
  assert.match(problemsOf({ cases }), /2 of 4 expectations were never seen failing/);
  assert.match(problemsOf({ cases }), /2 expectations are unproven; it was 0/);
  assert.match(problemsOf({ cases }), /1 cases are unreachable here; it was 0/);
  assert.match(problemsOf({ faults: [{ ...fault, onlyKillerOf: [] }] }), /one kills nothing that no other fault kills/);
  assert.equal(problemsOf({ faults: [{ ...fault, onlyKillerOf: [], reason: 'chosen' }] }), '');
  const collateral = { failed: 2, asked: 10, expectations: [] };
  assert.match(problemsOf({ faults: [{ ...fault, collateral }] }), /one fails 2 of 10 cases/);
});
