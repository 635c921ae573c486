import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../model/error.ts';
import type { RunEvent } from '../model/event.ts';
import { resultSchema } from '../model/result.ts';
import type { Round, WorkloadDeclaration } from '../model/workload.ts';
import { foldResult } from './fold.ts';
import {
  aCase,
  aTarget,
  everyOutcome,
  failedAt,
  finished,
  mustFail,
  passed,
  planned,
  probed,
  runFinished,
  runStarted,
} from './judge-samples.ts';

const workload: WorkloadDeclaration = {
  id: 'pod-lifecycle',
  revision: 1,
  title: 'pods',
  description: 'pods',
  operations: [{ name: 'RunPodSandbox', description: '' }],
  measures: [],
  primary: 'RunPodSandbox',
  needs: [],
  profile: 'quick',
  disruptive: false,
};
const load = { model: 'closed', concurrency: 1 } as const;
const round: Round = {
  index: 0,
  order: 0,
  startedAt: '2026-11-23T12:13:14Z',
  durationNs: 1,
  operations: [],
  measures: [],
};

test('a whole run folds into a result of the schema', () => {
  const result = foldResult(
    [
      runStarted,
      probed(aTarget('b')),
      probed(aTarget('a')),
      planned(['a', 'b'], ['x/y', 'x/z']),
      finished('b', 'x/z', failedAt('one')),
      finished('a', 'x/y'),
      finished('a', 'x/z'),
      finished('b', 'x/y'),
      { type: 'observed', observation: { key: 'k.k', target: 'b', value: 1, caseId: 'x/y' } },
      { type: 'observed', observation: { key: 'k.k', target: 'a', value: 1, caseId: 'x/y' } },
      runFinished(),
    ],
    [mustFail(['x/z'])],
  );
  assert.deepEqual(resultSchema.parse(result), result);
  assert.deepEqual(
    result.targets.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual(
    result.cases.map(({ target, id, verdict }) => [target, id, verdict]),
    [
      ['a', 'x/y', 'as-expected'],
      ['a', 'x/z', 'unexpected-pass'],
      ['b', 'x/y', 'as-expected'],
      ['b', 'x/z', 'as-expected'],
    ],
  );
  assert.deepEqual(
    result.observations.map(({ target }) => target),
    ['a', 'b'],
  );
  assert.equal(result.run.complete, true);
  assert.equal(result.run.finishedAt, '2026-11-23T12:14:14Z');
});

test('what a broken-off run never finished is not run, and the result says why', () => {
  const started: RunEvent = { type: 'case-started', caseId: 'x/y', target: 'a', shard: 0 };
  const events = [runStarted, probed(aTarget('a')), planned(['a'], ['x/y', 'x/z']), started];
  const reasons = (more: readonly RunEvent[]): readonly (string | undefined)[] => {
    const { run, cases } = foldResult([...events, ...more], []);
    assert.equal(run.complete, false);
    return [
      run.incompleteReason,
      ...cases.map(({ outcome }) => (outcome.status === 'not-run' ? outcome.reason : outcome.status)),
    ];
  };
  assert.deepEqual(reasons([]), ['the run broke off', 'the run broke off while it ran', 'the run broke off']);
  assert.deepEqual(reasons([runFinished(false, 'interrupted')]), [
    'interrupted',
    'interrupted while it ran',
    'interrupted',
  ]);
  const lost = { type: 'target-lost', target: 'a', problem: 'connection refused' } as const;
  assert.deepEqual(reasons([lost, runFinished()]), [
    'a: connection refused',
    'the target was lost: connection refused',
    'the target was lost: connection refused',
  ]);
});

test('a target that was lost has died, one that never answered stays unreachable', () => {
  const events = [
    runStarted,
    probed(aTarget('a')),
    probed(aTarget('b', { state: 'unreachable', problem: 'there is no such socket' })),
    planned(['a', 'b'], ['x/y']),
    { type: 'target-lost', target: 'a', problem: 'gone' } as const,
    runFinished(),
  ];
  const { targets, cases } = foldResult(events, []);
  assert.deepEqual(
    targets.map(({ state, problem }) => [state, problem]),
    [
      ['died', 'gone'],
      ['unreachable', 'there is no such socket'],
    ],
  );
  assert.ok(cases.every(({ outcome, verdict }) => outcome.status === 'not-run' && verdict === 'not-judged'));
});

test('a workload that was not finished keeps its rounds and shows no figures', () => {
  const plan: RunEvent = {
    ...{ type: 'planned', targets: ['a'], cases: [], observationKeys: [], rounds: 3 },
    workloads: [{ ...workload, load }],
  };
  const rounds = [1, 0].map((index): RunEvent => ({
    ...{ type: 'round-finished', index, workload: workload.id, target: 'a', load },
    round: index === 1 ? null : round,
  }));
  const result = foldResult([runStarted, probed(aTarget('a')), plan, ...rounds, runFinished(false, 'interrupted')], []);
  const [unfinished] = result.workloads;
  assert.equal(unfinished?.status, 'not-run');
  assert.equal(unfinished.reason, 'interrupted, after 2 of 3 rounds');
  assert.deepEqual(unfinished.rounds, [round, null]);
  assert.deepEqual(unfinished.operations, []);
  assert.deepEqual(resultSchema.parse(result), result);
});

test('warnings come once each, the gravest first, with one for failures of a runtime that nobody knows', () => {
  const warned = (kind: 'flaky' | 'simulator-instead-of-runtime'): RunEvent => ({
    type: 'warned',
    warning: { kind, message: kind },
  });
  const { warnings } = foldResult(
    [
      runStarted,
      probed(aTarget('a', { runtimeName: 'other' })),
      planned(['a'], ['x/y']),
      warned('flaky'),
      warned('simulator-instead-of-runtime'),
      warned('flaky'),
      finished('a', 'x/y', failedAt('one')),
      runFinished(),
    ],
    [mustFail(['x/y'])],
  );
  assert.deepEqual(
    warnings.map(({ kind }) => kind),
    ['simulator-instead-of-runtime', 'no-expectations', 'flaky'],
  );
});

test('events without a start are no run', () => {
  assert.throws(() => foldResult([runFinished()], []), UsageError);
});

test('the result does not depend on how the events of different cases are interleaved', () => {
  const targets = ['a', 'b'];
  const ids = ['x/1', 'x/2', 'x/3', 'x/4'];
  const thread = (target: string, caseId: string): fc.Arbitrary<readonly RunEvent[]> =>
    fc.tuple(fc.constantFrom(...everyOutcome), fc.nat(3), fc.boolean()).map(([outcome, length, flaky]) => [
      { type: 'case-started', caseId, target, shard: length } as const,
      { type: 'observed', observation: { key: 'k.k', target, value: length, caseId } } as const,
      { type: 'warned', warning: { kind: 'left-behind', message: 'a mount', target, subject: caseId } } as const,
      {
        type: 'case-finished',
        caseId,
        target,
        outcome,
        durationNs: length,
        asked: [],
        ...(flaky ? { flaky } : {}),
      } as const,
    ]);
  const threads = fc.tuple(...targets.flatMap((target) => ids.map((id) => thread(target, id))));
  const cuts = fc.array(fc.nat(4), { minLength: 8, maxLength: 8 });
  const fold = (events: readonly RunEvent[], ending: readonly RunEvent[]): unknown =>
    foldResult(
      [runStarted, ...targets.map((name) => probed(aTarget(name))), planned(targets, ids), ...events, ...ending],
      [mustFail(['x/1'])],
    );
  fc.assert(
    fc.property(threads, cuts, fc.infiniteStream(fc.nat()), fc.boolean(), (all, lengths, choices, whole) => {
      const cut = all.map((events, index) => events.slice(0, lengths[index]));
      const ending = whole ? [runFinished()] : [];
      assert.deepEqual(fold(interleave(cut, choices), ending), fold(cut.flat(), ending));
    }),
    { numRuns: 50 },
  );
});

test('what was planned appears exactly once, whatever was finished', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom('x/1', 'x/2', 'x/3', 'never/planned')), (done) => {
      const events = [
        runStarted,
        probed(aTarget('a')),
        planned(['a'], ['x/1', 'x/2', 'x/3']),
        ...done.map((id) => finished('a', id)),
      ];
      const { cases } = foldResult(events, []);
      assert.deepEqual(
        cases.map(({ id }) => id),
        ['x/1', 'x/2', 'x/3'],
      );
      for (const { id, outcome } of cases)
        assert.equal(outcome.status, done.some((one) => one === id) ? passed.status : 'not-run');
      assert.deepEqual(cases[0]?.basis, aCase('x/1').basis);
    }),
  );
});

/** One order in which threads of events may reach a listener: each thread keeps its own. */
function interleave(threads: readonly (readonly RunEvent[])[], choices: Iterator<number>): readonly RunEvent[] {
  const waiting = threads.map((thread) => [...thread]);
  const merged: RunEvent[] = [];
  for (;;) {
    const ready = waiting.filter((thread) => thread.length > 0);
    if (ready.length === 0) return merged;
    const next = ready[Number(choices.next().value) % ready.length]?.shift();
    if (next) merged.push(next);
  }
}
