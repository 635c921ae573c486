import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bench, fakeTarget, runAndRemove, workload } from './fake-runtime.testing.ts';

describe('idle pods', () => {
  /** How many pods with a started container each iteration found beside it. */
  const counting = (fakes: readonly { readonly started: ReadonlyMap<string, string> }[], seen: number[][]) =>
    workload(
      async (context) => {
        seen.push(fakes.map(({ started }) => started.size));
        await runAndRemove.iterate(context);
      },
      { loads: ([load]) => [12, 0, 3].map((population) => ({ model: 'closed', concurrency: 1, ...load, population })) },
    );

  test('are made before the first round of a load, grow for the next one, are kept, and go in the end', async (t) => {
    const a = await fakeTarget(t, 'pods-a');
    const b = await fakeTarget(t, 'pods-b');
    const seen: number[][] = [];
    const { results } = await bench([a.target, b.target], { workloads: [counting([a.fake, b.fake], seen)], rounds: 2 });
    assert.deepEqual(
      results.map(({ target, load, status }) => [target, load.population, status]),
      [0, 3, 12].flatMap((population) => ['pods-a', 'pods-b'].map((name) => [name, population, 'measured'])),
    );
    assert.deepEqual([...new Set(seen.map(([own]) => own))], [0, 3, 12]);
    assert.deepEqual([...new Set(seen.map(([, own]) => own))], [0, 3, 12]);
    const growths = a.fake.runs - seen.length / 2;
    assert.equal(growths, 12, 'each idle pod is made once');
    assert.deepEqual([a.fake.pods.size, b.fake.pods.size], [0, 0]);
  });

  test('are made once for several workloads, and for targets that are the same runtime with the same handler', async (t) => {
    const { fake, target } = await fakeTarget(t, 'shared-pods');
    const seen: number[][] = [];
    const crowded = counting([fake], seen);
    const plain = workload(runAndRemove.iterate);
    const targets = [target, { ...target, name: 'again' }];
    const { events } = await bench(targets, { workloads: [crowded, plain, crowded], rounds: 1 });
    assert.deepEqual([...new Set(seen.flat())], [0, 3, 12]);
    const loads = events.flatMap((event) =>
      event.type === 'workload-finished' ? [event.result.load.population ?? 'none'] : [],
    );
    assert.deepEqual(loads, ['none', 'none', 0, 0, 0, 0, 3, 3, 3, 3, 12, 12, 12, 12]);
    const iterations = 2 * 2 * 4 * (1 + 2 * 3);
    assert.equal(fake.runs - iterations, 12);
    assert.equal(fake.pods.size, 0);
  });

  test('that cannot be made fail the load, leave nothing, and touch no other target', async (t) => {
    const good = await fakeTarget(t, 'roomy');
    const bad = await fakeTarget(t, 'full');
    bad.fake.onStart = () => {
      if (bad.fake.started.size >= 5) throw new Error('no space left');
    };
    const { results } = await bench([good.target, bad.target], { workloads: [counting([], [])], rounds: 2 });
    const of = (name: string) => results.filter(({ target }) => target === name).map(({ status }) => status);
    assert.deepEqual(of('roomy'), ['measured', 'measured', 'measured']);
    assert.deepEqual(of('full'), ['measured', 'measured', 'failed']);
    assert.match(results.at(-1)?.reason ?? '', /could not be prepared: .*no space left/);
    assert.equal(bad.fake.pods.size, 0);
  });

  test('are all removed when a budget ends the run, however long that takes; in a hurry as far as there is time', async (t) => {
    const removals = async (name: string, hurries: boolean) => {
      const { fake, target } = await fakeTarget(t, name);
      const stop = new AbortController();
      fake.onRemove = () => pause(stop.signal.aborted ? 4_500 : 0);
      const { warned } = await bench([target], {
        workloads: [counting([fake], [])],
        signal: stop.signal,
        hurry: hurries ? stop.signal : new AbortController().signal,
        emit: (event) => {
          if (event.type === 'round-finished' && event.load.population === 3) stop.abort();
        },
      });
      return { left: fake.pods.size, warned };
    };
    const [patient, hurried] = await Promise.all([removals('patient', false), removals('hurried', true)]);
    assert.equal(patient.left, 0);
    assert.ok(!patient.warned.includes('left-behind'));
    assert.ok(hurried.warned.includes('left-behind'));
  });

  test('are counted again after the runtime died, and made up for', async (t) => {
    const { fake, target } = await fakeTarget(t, 'forgetful');
    const seen: number[][] = [];
    let dead = false;
    await bench([target], {
      workloads: [counting([fake], seen)],
      rounds: 3,
      settleMs: 50,
      emit: (event) => {
        if (event.type !== 'round-finished' || event.load.population !== 3) return;
        if (event.round === null) void fake.start();
        else if (!dead) {
          dead = true;
          const [survivor] = fake.pods.keys();
          for (const id of fake.pods.keys()) if (id !== survivor) fake.pods.delete(id);
          fake.started.clear();
          fake.die();
        }
      },
    });
    assert.equal(seen.at(-1)?.[0], 11, 'one pod of twelve survived without its container, which nobody asks about');
    assert.equal(fake.pods.size, 0);
  });
});
