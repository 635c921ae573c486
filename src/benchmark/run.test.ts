import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bench, closed, counts, fakeTarget, only, runAndRemove, runPod, workload } from './fake-runtime.testing.ts';

describe('a benchmark', () => {
  test('visits every target in every round, in the order that the seed decides, and counts what it asked', async (t) => {
    const a = await fakeTarget(t, 'a');
    const b = await fakeTarget(t, 'b');
    const { events, results } = await bench([a.target, b.target], { rounds: 6 });
    const starts = events.flatMap((event) => (event.type === 'round-started' ? [[event.index, event.target]] : []));
    assert.equal(starts.length, 12);
    for (let index = 0; index < 6; index++) {
      const visited = starts.slice(2 * index, 2 * index + 2);
      assert.deepEqual(visited.map(([, target]) => target).sort(), ['a', 'b']);
      assert.ok(visited.every(([round]) => round === index));
    }
    for (const result of results) {
      assert.equal(result.status, 'measured');
      assert.deepEqual(counts(result), [
        ['RunPodSandbox', 18, 0],
        ['RemovePodSandbox', 18, 0],
      ]);
      assert.equal(
        result.rounds.filter((round) => round?.order === 0).length,
        3,
        'each is first in half of the rounds',
      );
    }
    // A warm-up round of a warm-up iteration and three, then six rounds of as many.
    assert.deepEqual([a.fake.runs, b.fake.runs], [7 * 4, 7 * 4]);
    assert.equal(a.fake.pods.size, 0);
  });

  test('records latencies of the call alone, and says how much CPU time crible took', async (t) => {
    const { fake, target } = await fakeTarget(t, 'slow');
    fake.onRun = () => new Promise((resolve) => setTimeout(resolve, 30));
    const slowAround = workload(async (context) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      await runPod(context);
    });
    const result = only((await bench([target], { workloads: [slowAround], rounds: 2 })).results);
    const p50Ns = result.operations[0]?.p50Ns ?? 0;
    assert.ok(p50Ns >= 29e6 && p50Ns < 60e6, String(p50Ns));
    for (const round of result.rounds) assert.ok(round !== null && (round.cost?.cribleCpuNs ?? 0) > 0);
  });

  test('keeps as many in flight as asked, with iterations for all of them', async (t) => {
    const { fake, target } = await fakeTarget(t, 'busy');
    let inFlight = 0;
    let most = 0;
    fake.onRun = async () => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight--;
    };
    const { results } = await bench([target], { loads: closed(1, 8), rounds: 1 });
    assert.equal(most, 8);
    assert.deepEqual(
      results.map(({ load, operations }) => [load, operations[0]?.count]),
      [
        [{ model: 'closed', concurrency: 1 }, 3],
        [{ model: 'closed', concurrency: 8 }, 24],
      ],
    );
  });

  test('calls a workload failed whose calls all fail, and gives no figure for it', async (t) => {
    const { fake, target } = await fakeTarget(t, 'broken');
    fake.onRun = () => Promise.reject(new Error('no network'));
    const result = only((await bench([target])).results);
    assert.equal(result.status, 'failed');
    assert.match(result.reason ?? '', /no network/);
    assert.deepEqual(counts(result), [
      ['RunPodSandbox', 0, 12],
      ['RemovePodSandbox', 0, 0],
    ]);
    assert.deepEqual([result.operations[0]?.p50Ns, result.operations[0]?.maxNs], [null, null]);
    assert.deepEqual(
      result.errors.map(({ operation, code, count }) => [operation, code, count]),
      [['RunPodSandbox', 'Unknown', 12]],
    );
  });

  test('leaves failed calls out of the latencies, warns of them, and removes what their iterations left', async (t) => {
    const { fake, target } = await fakeTarget(t, 'flaky');
    const failing = workload(async (context) => {
      await runPod(context);
      if (fake.runs % 2 === 0) throw new Error('left behind');
      await context.call('RemovePodSandbox', () => Promise.reject(new Error('refused')));
    });
    const { results, warned } = await bench([target], { workloads: [failing] });
    const result = only(results);
    assert.equal(result.status, 'measured');
    const [run, remove] = result.operations;
    assert.deepEqual([run?.count, run?.failures, remove?.count], [12, 0, 0]);
    assert.ok(remove !== undefined && remove.failures > 0 && remove.failures < 12);
    assert.ok(warned.includes('failed-calls'));
    assert.equal(fake.pods.size, 0);
  });

  test('skips a workload for want of a feature, and names the feature', async (t) => {
    const with_ = await fakeTarget(t, 'with', ['host-files']);
    const without = await fakeTarget(t, 'without');
    const needy = workload(runAndRemove.iterate, { needs: ['host-files'] });
    const { results } = await bench([with_.target, without.target], { workloads: [needy] });
    assert.deepEqual(
      results.map(({ target, status }) => [target, status]),
      [
        ['with', 'measured'],
        ['without', 'skipped'],
      ],
    );
    assert.match(results[1]?.reason ?? '', /does not offer host-files/);
    assert.equal(without.fake.runs, 0);
  });

  test('prepares a workload once a target, and does without a target where that fails', async (t) => {
    const good = await fakeTarget(t, 'good');
    const bad = await fakeTarget(t, 'bad');
    const prepared: string[] = [];
    const preparing = workload(runAndRemove.iterate, {
      prepare: ({ target }) => {
        prepared.push(target.name);
        return target.name === 'bad' ? Promise.reject(new Error('no such image')) : Promise.resolve();
      },
    });
    const { results } = await bench([good.target, bad.target], { workloads: [preparing], loads: closed(1, 2) });
    assert.deepEqual(
      prepared.filter((name) => name === 'good'),
      ['good'],
    );
    const failed = results.filter(({ target }) => target === 'bad');
    assert.ok(failed.every(({ status, reason }) => status === 'failed' && reason?.includes('no such image')));
    assert.equal(bad.fake.runs, 0);
  });

  test('a clock over anything but one call is a defect of the workload', async (t) => {
    const { target } = await fakeTarget(t, 'defect');
    const two = workload(({ call }) =>
      call('RunPodSandbox', async (cri) => {
        await cri.runtime.version({});
        await cri.runtime.version({});
      }),
    );
    const result = only((await bench([target], { workloads: [two], rounds: 1 })).results);
    assert.equal(result.status, 'failed');
    assert.match(result.reason ?? '', /the time of one call, but 2 were made/);
  });

  test('warns that samples are too few once for a workload on a target, whatever the loads', async (t) => {
    const { target } = await fakeTarget(t, 'few');
    const { warned } = await bench([target], { loads: closed(1, 2) });
    assert.equal(warned.filter((kind) => kind === 'too-few-samples').length, 1);
  });
});

test('disruptive workloads are not for targets that are spared, and the reason is given', async (t) => {
  const lab = await fakeTarget(t, 'lab');
  const host = await fakeTarget(t, 'host');
  const disruptive = workload(runAndRemove.iterate, { disruptive: true });
  const { results } = await bench([lab.target, host.target], {
    workloads: [disruptive, runAndRemove],
    spared: ['host'],
  });
  assert.deepEqual(
    results.map(({ target, status }) => [target, status]),
    [
      ['lab', 'measured'],
      ['host', 'skipped'],
      ['lab', 'measured'],
      ['host', 'measured'],
    ],
  );
  assert.match(results[1]?.reason ?? '', /--disruptive allows it/);
});

test('loads are what the workload makes of those that are asked for', async (t) => {
  const { target } = await fakeTarget(t, 'loads');
  const own = workload(runAndRemove.iterate, {
    loads: (asked, profile) => (profile === 'full' ? asked.slice(1) : asked),
  });
  const { results } = await bench([target], { workloads: [own], loads: closed(1, 2), profile: 'full', rounds: 1 });
  assert.deepEqual(
    results.map(({ load }) => load),
    closed(2),
  );
});
