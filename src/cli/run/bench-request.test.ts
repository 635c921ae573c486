import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../model/error.ts';
import { parseTargets } from '../../model/target.ts';
import { requireFeasible } from './bench-request.ts';
import { effortFor } from './effort.ts';
import type { BenchmarkRequest } from './request.ts';

function refused(request: Partial<BenchmarkRequest>, ...targets: string[]): string {
  try {
    requireFeasible({ workload: [], ...request }, parseTargets(targets));
    return '';
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
}

test('what makes no sense together is refused before anything is started', () => {
  assert.match(refused({ arrival: 'poisson' }, 'lab:containerd'), /no rate is given/);
  assert.equal(refused({ arrival: 'poisson', rate: [5] }, 'lab:containerd'), '');
  assert.match(
    refused({ dropCaches: true }, 'lab:containerd', 'unix:///run/x.sock'),
    /'unix:\/\/\/run\/x.sock' is not a/,
  );
  assert.match(refused({ aa: true }, 'lab:containerd', 'lab:containerd/crun'), /one target against itself/);
  assert.match(refused({ aa: true, control: 'sim:' }, 'lab:containerd'), /one target against itself/);
  assert.match(refused({ aa: true }, 'unix:///run/x.sock'), /takes a lab: target/);
  assert.equal(refused({ aa: true, targetPrecision: 0.05 }, 'lab:containerd'), '');
  assert.match(refused({ targetPrecision: 0.05 }, 'lab:containerd'), /there is one target/);
  assert.equal(refused({ targetPrecision: 0.05, control: 'sim:' }, 'lab:containerd'), '');
});

test('only rates are loaded when only rates are asked for; both when both are', () => {
  const labels = (request: Partial<BenchmarkRequest>) => effortFor('full', request).loads;
  assert.equal(labels({}).length, 3);
  assert.deepEqual(labels({ rate: [5, 0.5] }), [
    { model: 'open', ratePerSecond: 5, arrival: 'constant' },
    { model: 'open', ratePerSecond: 0.5, arrival: 'constant' },
  ]);
  assert.deepEqual(labels({ rate: [5], concurrency: [2], arrival: 'stepped' }), [
    { model: 'closed', concurrency: 2 },
    { model: 'open', ratePerSecond: 5, arrival: 'stepped' },
  ]);
});

test('a precision brings rounds beyond those of the profile, and the interval of the comparison', () => {
  assert.equal(effortFor('standard').precision, undefined);
  const { precision } = effortFor('standard', { targetPrecision: 0.05, rounds: 500 });
  assert.equal(precision?.relative, 0.05);
  assert.equal(precision.mostRounds, 500);
  assert.equal(precision.interval([]), null);
  assert.equal(precision.interval([0.1, 0.2, 0.3]), null, 'three pairs are never that sure');
  const interval = precision.interval(Array.from({ length: 20 }, (_, at) => at / 20));
  assert.ok(interval && interval.low < 0.475 && interval.high > 0.475);
});
