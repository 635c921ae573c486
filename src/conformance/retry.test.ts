import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Job } from './plan.ts';
import { OutcomesSoFar } from './retry.ts';

const errored: Outcome = { status: 'errored', phase: 'setup', message: 'no pod', transcript: [] };
const died: Outcome = { status: 'runtime-died', message: 'gone', transcript: [] };

function finished(caseId: string, outcome: Outcome): RunEvent {
  return { type: 'case-finished', caseId, target: 't', outcome, durationNs: 1, asked: [] };
}
const job = (id: string): Job => ({
  ...{ target: 't', endpoint: 'unix:///t', runtime: 'unix:///t' },
  declaration: {
    ...{ id, revision: 1, title: 't', level: 'required', rpcs: ['Version'], timeoutMs: 1 },
    ...{ basis: [], needs: [], locks: [], images: [] },
  },
});

test('what passes on a retry is told as flaky, with what it was before; what fails again stays as it was', () => {
  const told: RunEvent[] = [];
  const record = new OutcomesSoFar((event) => told.push(event));
  const outcomes: readonly [string, Outcome][] = [
    ['a/passes', { status: 'passed' }],
    ['a/errors', errored],
    ['a/errors-again', errored],
    ['a/kills', died],
  ];
  for (const [id, outcome] of outcomes) record.emit(finished(id, outcome));
  const again = record.worthRetrying(outcomes.map(([id]) => job(id)));
  assert.deepEqual(
    again.map(({ declaration }) => declaration.id),
    ['a/errors', 'a/errors-again'],
  );
  told.length = 0;
  record.emitRetry(finished('a/errors', { status: 'passed' }));
  record.emitRetry(finished('a/errors-again', errored));
  assert.deepEqual(told, [
    {
      type: 'warned',
      warning: {
        kind: 'flaky',
        message: 'a/errors passed only when it was asked again; before, it was errored: no pod',
        target: 't',
        subject: 'a/errors',
      },
    },
    { ...finished('a/errors', { status: 'passed' }), flaky: true },
  ]);
  assert.deepEqual(
    record.worthRetrying(again).map(({ declaration }) => declaration.id),
    ['a/errors-again'],
    'a flaky case is asked no further',
  );
});
