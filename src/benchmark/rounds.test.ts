import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { roundSchema } from '../model/workload.ts';
import type { RunEvent } from '../model/event.ts';
import { bench, fakeTarget, only, runAndRemove, workload } from './fake-runtime.testing.ts';

const share = { name: 'share', description: 's', unit: '%', better: 'higher' } as const;

/** Does it; what it throws is a rejection. */
const done = (work: () => unknown): Promise<void> =>
  new Promise((resolve) => {
    work();
    resolve();
  });

describe('a round', () => {
  test('begins and ends around its iterations, warm-up included, and what its beginning makes goes with it', async (t) => {
    const { fake, target } = await fakeTarget(t, 'around');
    const told: string[] = [];
    const { results } = await bench([target], {
      rounds: 2,
      workloads: [
        workload(
          async (context) => {
            told.push(`iterate beside ${String(fake.pods.size)}`);
            await runAndRemove.iterate(context);
          },
          {
            beginRound: async ({ given, load }) => {
              told.push(`begin c${String(load.model === 'closed' && load.concurrency)}`);
              await given.podSandbox();
            },
            endRound: () => done(() => told.push('end')),
          },
        ),
      ],
    });
    const one = ['begin c1', ...Array.from({ length: 4 }, () => 'iterate beside 1'), 'end'];
    assert.deepEqual(told, [...one, ...one, ...one]);
    assert.equal(fake.pods.size, 0);
    assert.equal(only(results).status, 'measured');
  });

  test('its measures are medians of what it reported, without the warm-up, and the figure of all is the median of theirs', async (t) => {
    const { target } = await fakeTarget(t, 'measures');
    let reported = 0;
    const { results } = await bench([target], {
      rounds: 3,
      workloads: [
        workload(
          async (context) => {
            await runAndRemove.iterate(context);
            context.measure('share', reported++);
          },
          {
            measures: [share, { ...share, name: 'never' }, { ...share, name: 'once' }],
            endRound: ({ measure }) =>
              done(() => {
                measure('once', reported);
              }),
          },
        ),
      ],
    });
    const result = only(results);
    // Four iterations a visit, the first of which warms up; the first visit is the warm-up round.
    assert.deepEqual(
      result.rounds.map((round) => round?.measures),
      [
        [
          { name: 'share', value: 6 },
          { name: 'once', value: 8 },
        ],
        [
          { name: 'share', value: 10 },
          { name: 'once', value: 12 },
        ],
        [
          { name: 'share', value: 14 },
          { name: 'once', value: 16 },
        ],
      ],
    );
    assert.deepEqual(
      result.measures.map(({ name, median }) => [name, median]),
      [
        ['share', 10],
        ['never', null],
        ['once', 12],
      ],
    );
  });

  test('a workload may be decided by a measure alone', async (t) => {
    const { target } = await fakeTarget(t, 'measured');
    const measuring = workload(() => Promise.resolve(), {
      measures: [share],
      primary: 'share',
      beginRound: ({ measure }) =>
        done(() => {
          measure('share', 7);
        }),
    });
    const result = only((await bench([target], { workloads: [measuring] })).results);
    assert.equal(result.status, 'measured');
    assert.equal(result.measures[0]?.median, 7);
    const silent = workload(() => Promise.resolve(), { measures: [share], primary: 'share' });
    assert.notEqual(only((await bench([target], { workloads: [silent] })).results).status, 'measured');
  });

  for (const [what, value] of [
    ['undeclared', 1],
    ['share', NaN],
  ] as const) {
    test(`reporting ${String(value)} of '${what}' is a defect that the result tells of`, async (t) => {
      const { target } = await fakeTarget(t, `defect-${what}`);
      const wrong = workload(
        ({ measure }) =>
          done(() => {
            measure(what, value);
          }),
        { measures: [share] },
      );
      const result = only((await bench([target], { workloads: [wrong], rounds: 1 })).results);
      assert.equal(result.status, 'failed');
      assert.match(result.reason ?? '', value === 1 ? /does not declare it/ : /no figure/);
    });
  }

  test('that cannot begin is lost alone, and says why', async (t) => {
    const { target } = await fakeTarget(t, 'stumbling');
    let begun = 0;
    const stumbling = workload(runAndRemove.iterate, {
      beginRound: () => (begun++ === 2 ? Promise.reject(new Error('no room')) : Promise.resolve()),
    });
    const { results, warnings } = await bench([target], { workloads: [stumbling] });
    const result = only(results);
    assert.deepEqual(
      result.rounds.map((round) => round !== null),
      [true, false, true, true],
    );
    assert.deepEqual(
      result.errors.map(({ operation, message }) => [operation, message]),
      [['beginRound', 'no room']],
    );
    assert.ok(warnings.some(({ kind, message }) => kind === 'lost-round' && message.includes('no room')));
  });

  test('whose end fails keeps its latencies and tells the error', async (t) => {
    const { target } = await fakeTarget(t, 'endless');
    const endless = workload(runAndRemove.iterate, { endRound: () => Promise.reject(new Error('2 mounts leaked')) });
    const result = only((await bench([target], { workloads: [endless] })).results);
    assert.equal(result.status, 'measured');
    assert.deepEqual(
      result.errors.map(({ operation, count }) => [operation, count]),
      [['endRound', 4]],
    );
  });
});

describe('the number of iterations and rounds', () => {
  test('iterations are cut to what a visit has time for, the same for every target', async (t) => {
    const fast = await fakeTarget(t, 'fast');
    const slow = await fakeTarget(t, 'slow');
    slow.fake.onRun = () => new Promise((resolve) => setTimeout(resolve, 20));
    const size = { iterationsPerRound: 20, visitMs: 150, rounds: 2 };
    const { results } = await bench([fast.target, slow.target], size);
    const counts = results.map(({ operations }) => operations[0]?.count ?? NaN);
    assert.equal(counts[0], counts[1]);
    assert.ok((counts[0] ?? NaN) >= 6 && (counts[0] ?? NaN) <= 14, String(counts[0]));
  });

  test('a workload’s own number is taken as it is', async (t) => {
    const { fake, target } = await fakeTarget(t, 'own');
    fake.onRun = () => new Promise((resolve) => setTimeout(resolve, 20));
    const own = workload(runAndRemove.iterate, {
      iterations: (usual, load) => usual * (load.model === 'closed' ? 4 : 1),
    });
    const { results } = await bench([target], { workloads: [own], visitMs: 10, rounds: 1 });
    assert.equal(only(results).operations[0]?.count, 12);
  });

  test('rounds are added until the ratio of every pair is known precisely enough, in balanced order', async (t) => {
    const a = await fakeTarget(t, 'a');
    const b = await fakeTarget(t, 'b');
    const asked: number[] = [];
    const precision = {
      relative: 0.05,
      mostRounds: 50,
      interval: (logRatios: readonly number[]) => {
        asked.push(logRatios.length);
        const half = logRatios.length >= 6 ? 0.04 : 0.06;
        return { low: -half, high: half };
      },
    };
    const { results, events } = await bench([a.target, b.target], { rounds: 4, precision });
    assert.deepEqual([...new Set(asked)], [4, 5, 6]);
    assert.deepEqual(
      results.map(({ rounds }) => rounds.length),
      [6, 6],
    );
    const firsts = results.map(({ rounds }) => rounds.filter((round) => round?.order === 0).length);
    assert.deepEqual(firsts, [3, 3]);
    for (const event of events) if (event.type === 'round-finished') roundSchema.parse(event.round);
  });

  test('rounds are not added beyond the most, for one target alone, or for one that is gone', async (t) => {
    const a = await fakeTarget(t, 'one');
    const b = await fakeTarget(t, 'two');
    const precision = { relative: 0.05, mostRounds: 6, interval: () => null };
    const roundsOf = (events: readonly RunEvent[]) => events.filter(({ type }) => type === 'round-started').length;
    const both = [a.target, b.target];
    const { events, warnings } = await bench(both, { rounds: 2, precision, base: 'two' });
    assert.equal(roundsOf(events), 12);
    const told = warnings.find(({ message }) => message.includes('was asked for'));
    assert.equal(told?.target, 'one');
    assert.match(told.message, /after 6 rounds the ratio to two is known not at all, and ±5.0 % was asked for/);
    assert.equal(roundsOf((await bench([a.target], { rounds: 2, precision })).events), 2);
    b.fake.die();
    assert.equal(roundsOf((await bench(both, { rounds: 2, precision })).events), 4);
  });
});
