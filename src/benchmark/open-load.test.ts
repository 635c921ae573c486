import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { roundSchema, type Load } from '../model/workload.ts';
import { bench, counts, fakeTarget, only, workload } from './fake-runtime.testing.ts';
import { LatencyHistogram } from './latency-histogram.ts';

const open = (ratePerSecond: number, more: Partial<Extract<Load, { model: 'open' }>> = {}): Load[] => [
  { model: 'open', ratePerSecond, arrival: 'constant', ...more },
];

function valueAt(histogram: string | undefined, quantile: number): number {
  const latencies = new LatencyHistogram();
  latencies.addEncoded(histogram ?? '');
  return latencies.valueAtNs(quantile);
}

describe('an open load', () => {
  test('starts as many iterations as the rate has in a round, overlapping, and tells what became of the starts', async (t) => {
    const { fake, target } = await fakeTarget(t, 'open');
    fake.onRun = () => pause(60);
    const { results } = await bench([target], { loads: open(50), openRoundMs: 400, rounds: 2 });
    const result = only(results);
    assert.equal(result.status, 'measured');
    assert.deepEqual(counts(result), [
      ['RunPodSandbox', 40, 0],
      ['RemovePodSandbox', 40, 0],
    ]);
    for (const round of result.rounds) {
      const { arrivals, ratePerSecond = 0, durationNs } = roundSchema.parse(round);
      assert.deepEqual([arrivals?.intended, arrivals?.started, arrivals?.dropped], [20, 20, 0]);
      assert.ok(ratePerSecond > 20 && durationNs < 1e9, 'iterations of 60 ms every 20 ms overlap');
    }
    // Two rounds and the warm-up round, each with a tenth of its starts before it.
    assert.equal(fake.runs, 3 * (20 + 2));
    assert.equal(fake.pods.size, 0);
  });

  test('counts latencies from the intended start, and the service time beside them', async (t) => {
    const { target } = await fakeTarget(t, 'late');
    let iterations = 0;
    const stalling = workload(async ({ span }) => {
      await span('RunPodSandbox', () => Promise.resolve());
      // The stall is crible's own: the next iterations begin late, though what they time takes no longer.
      const until = performance.now() + (++iterations % 22 === 5 ? 150 : 0);
      while (performance.now() < until);
    });
    const { results, warnings } = await bench([target], {
      ...{ workloads: [stalling], loads: open(100), openRoundMs: 200, rounds: 2 },
    });
    for (const round of only(results).rounds) {
      const [operation] = round?.operations ?? [];
      assert.ok((round?.arrivals?.late ?? 0) >= 10);
      const lag = valueAt(round?.arrivals?.lagHistogram, 0.8);
      const [latency, service] = [valueAt(operation?.histogram, 0.8), valueAt(operation?.serviceHistogram, 0.5)];
      assert.ok(lag >= 80e6 && latency >= lag * 0.998, `${String(latency)} with a lag of ${String(lag)}`);
      assert.ok(service < 10e6, `${String(service)} for nothing at all`);
    }
    assert.ok(
      warnings.some(({ kind, message }) => kind === 'late-starts' && /r100: \d+ of 40 .* 1 ms late/.test(message)),
    );
  });

  test('that the runtime does not keep up with is told as saturated, with what was reached', async (t) => {
    const { fake, target } = await fakeTarget(t, 'slow-queue');
    let queue = Promise.resolve();
    fake.onRun = () => (queue = queue.then(() => pause(20)));
    const { results, warnings } = await bench([target], { loads: open(200), openRoundMs: 500, rounds: 2 });
    assert.equal(only(results).status, 'measured');
    const message = warnings.find(({ kind }) => kind === 'saturated')?.message ?? '';
    const reached = Number(/r200: 200 iterations a second were asked for, ([\d.]+) were reached/.exec(message)?.[1]);
    assert.ok(reached > 20 && reached < 60, message);
  });

  test('loses the round in which the runtime dies, and no other', async (t) => {
    const { fake, target } = await fakeTarget(t, 'open-mortal');
    fake.onRun = async () => {
      // A visit is 11 iterations; the first visit is the warm-up round.
      if (fake.runs === 17) fake.die();
      await pause(5);
    };
    const { results, warned } = await bench([target], {
      loads: open(100),
      openRoundMs: 100,
      rounds: 3,
      settleMs: 50,
      emit: (event) => {
        if (event.type === 'round-finished' && event.round === null) void fake.start();
      },
    });
    const result = only(results);
    assert.deepEqual(
      result.rounds.map((round) => round !== null),
      [false, true, true],
    );
    assert.ok(warned.includes('lost-round'));
    assert.equal(fake.pods.size, 0);
  });

  test('ends soon when it is interrupted, keeps what was done and removes what it made', async (t) => {
    const { fake, target } = await fakeTarget(t, 'open-interrupted');
    const stop = new AbortController();
    fake.onRun = async () => {
      if (fake.runs === 30) stop.abort();
      await pause(10);
    };
    const { results } = await bench([target], { loads: open(100), openRoundMs: 100, rounds: 20, signal: stop.signal });
    const result = only(results);
    assert.equal(result.status, 'measured');
    assert.ok(result.rounds.slice(3).every((round) => round === null));
    assert.equal(fake.pods.size, 0);
  });

  test('whose calls all fail is failed, not fast', async (t) => {
    const { fake, target } = await fakeTarget(t, 'open-broken');
    fake.onRun = () => Promise.reject(new Error('no network'));
    const result = only((await bench([target], { loads: open(100), openRoundMs: 100, rounds: 1 })).results);
    assert.equal(result.status, 'failed');
    assert.deepEqual(counts(result)[0], ['RunPodSandbox', 0, 10]);
  });
});

test('a stall that a closed load hides is explained, with what steady callers would have seen', async (t) => {
  const { fake, target } = await fakeTarget(t, 'stalling');
  fake.onRun = () => (fake.runs % 200 === 0 ? pause(400) : Promise.resolve());
  const { results, warnings } = await bench([target], { iterationsPerRound: 199, rounds: 2 });
  const [run] = only(results).operations;
  const message = warnings.find(({ kind }) => kind === 'stall-hidden')?.message ?? '';
  assert.match(message, /the longest RunPodSandbox took 4\d\d ms, yet p99 is /);
  const steadyMs = Number(/a p99 of about ([\d.e+]+) ms/.exec(message)?.[1]);
  assert.ok(steadyMs > 150 && steadyMs <= 410, message);
  assert.ok((run?.p99Ns ?? NaN) < steadyMs * 1e6, message);
});

test('latencies that merely vary hide no stall', async (t) => {
  const { fake, target } = await fakeTarget(t, 'varying');
  fake.onRun = () => pause(1 + (fake.runs % 5));
  const { warned } = await bench([target], { iterationsPerRound: 200, rounds: 2 });
  assert.ok(!warned.includes('stall-hidden'), warned.join(' '));
});
