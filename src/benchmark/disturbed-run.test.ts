import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bench, counts, fakeTarget, runAndRemove } from './fake-runtime.testing.ts';

describe('a disturbed benchmark', () => {
  test('loses the round in which the runtime dies, and no other', async (t) => {
    const { fake, target } = await fakeTarget(t, 'mortal');
    const other = await fakeTarget(t, 'immortal');
    fake.onRun = () => {
      // In the second round that counts: a visit is four iterations, and the warm-up round is the first.
      if (fake.runs === 10) fake.die();
    };
    const { results, warned, events } = await bench([target, other.target], {
      emit: (event) => {
        if (event.type === 'round-finished' && event.target === 'mortal' && event.round === null) void fake.start();
      },
      settleMs: 50,
    });
    const [mortal, immortal] = ['mortal', 'immortal'].map((name) => results.find((result) => result.target === name));
    assert.deepEqual(
      mortal?.rounds.map((round) => round !== null),
      [true, false, true, true],
    );
    assert.equal(mortal.status, 'measured');
    assert.deepEqual(counts(mortal)[0], ['RunPodSandbox', 9, 0]);
    assert.ok(immortal?.rounds.every((round) => round !== null));
    assert.ok(warned.includes('lost-round'));
    assert.ok(!events.some(({ type }) => type === 'target-lost'));
    assert.equal(fake.pods.size, 0, 'what the lost round had made is removed by a later one');
  });

  test('goes on without a runtime that stays dead, and says that it was lost', async (t) => {
    const { fake, target } = await fakeTarget(t, 'dead');
    const other = await fakeTarget(t, 'alive');
    fake.onRun = () => {
      fake.die();
    };
    const { results, events } = await bench([target, other.target]);
    const dead = results.find((result) => result.target === 'dead');
    assert.equal(dead?.status, 'failed');
    assert.deepEqual(dead.rounds, [null, null, null, null]);
    assert.equal(results.find((result) => result.target === 'alive')?.status, 'measured');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'target-lost' ? [event.target] : [])),
      ['dead'],
    );
  });

  test('keeps the rounds that were done when it is interrupted, and removes what it made', async (t) => {
    const { fake, target } = await fakeTarget(t, 'interrupted');
    const stop = new AbortController();
    fake.onRun = async () => {
      if (fake.runs !== 14) return;
      stop.abort();
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const { results, warned } = await bench([target], { signal: stop.signal, workloads: [runAndRemove, runAndRemove] });
    assert.deepEqual(
      results.map(({ status }) => status),
      ['measured', 'not-run'],
    );
    assert.deepEqual(
      results[0]?.rounds.map((round) => round !== null),
      [true, true, false, false],
    );
    assert.ok(!warned.includes('lost-round'));
    assert.equal(fake.pods.size, 0, 'a pod whose answer nobody waited for is found by its labels');
  });
});
