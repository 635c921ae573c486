import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Load } from '../model/workload.ts';
import { runAndRemove, workload } from './fake-runtime.testing.ts';
import { iterationsOf, iterationsWithin, loadsOf } from './loads.ts';

const closed = (concurrency: number, population?: number): Load => ({ model: 'closed', concurrency, population });
const open = (ratePerSecond: number): Load => ({ model: 'open', ratePerSecond, arrival: 'constant' });
const size = { iterationsPerRound: 10, openRoundMs: 2000, visitMs: 3000 };

test('loads are those that were asked for, unless the workload makes others of them; idle pods are only ever added', () => {
  const asked = [closed(1), open(5)];
  assert.deepEqual(loadsOf(runAndRemove, asked, 'standard'), asked);
  const beside = workload(runAndRemove.iterate, {
    loads: (all, profile) =>
      [50, 0, 10].flatMap((pods) =>
        (profile === 'full' ? all : all.slice(0, 1)).map((load) => ({ ...load, population: pods })),
      ),
  });
  assert.deepEqual(loadsOf(beside, asked, 'standard'), [closed(1, 0), closed(1, 10), closed(1, 50)]);
  assert.equal(loadsOf(beside, asked, 'full').length, 6);
});

test('a closed round has the usual number of iterations, more with many in flight, the workload’s own number as it is', () => {
  assert.equal(iterationsOf(runAndRemove, closed(1), size), 10);
  assert.equal(iterationsOf(runAndRemove, closed(16), size), 48);
  const own = workload(runAndRemove.iterate, { iterations: (usual) => usual * 20 });
  assert.equal(iterationsOf(own, closed(1), size), 200);
  const one = workload(runAndRemove.iterate, { iterations: () => 1 });
  assert.equal(iterationsOf(one, closed(1), size), 1);
  assert.equal(iterationsOf(one, closed(4), size), 4, 'or not so many would be in flight');
});

test('an open round is as long as the profile says, with a few starts at least', () => {
  assert.equal(iterationsOf(runAndRemove, open(2000), size), 4000);
  assert.equal(iterationsOf(runAndRemove, open(0.1), size), 5);
  const own = workload(runAndRemove.iterate, { iterations: (usual, load) => (load.model === 'open' ? usual + 7 : 1) });
  assert.equal(iterationsOf(own, open(5), size), 17);
});

test('a round is cut to what a visit has time for, but not to its beginning and its end, nor against the workload’s will', () => {
  assert.equal(iterationsWithin(size, runAndRemove, closed(1), 10, 200), 10);
  assert.equal(iterationsWithin(size, runAndRemove, closed(1), 10, 600), 5);
  assert.equal(iterationsWithin(size, runAndRemove, closed(1), 10, 20_000), 3);
  assert.equal(iterationsWithin(size, runAndRemove, closed(4), 12, 20_000), 12);
  assert.equal(iterationsWithin(size, runAndRemove, open(5), 10, 20_000), 10);
  assert.equal(
    iterationsWithin(size, workload(runAndRemove.iterate, { iterations: () => 8 }), closed(1), 8, 20_000),
    8,
  );
  assert.equal(
    iterationsWithin(size, runAndRemove, closed(1), 10, 0),
    10,
    'nothing is known when no warm-up was measured',
  );
});
