import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadWorkloads } from '../../src/benchmark/catalogue.ts';
import type { Workload } from '../../src/kit/workload.ts';
import { loadLabel } from '../../src/model/workload.ts';
import { assertMeasured, Simulated } from './simulated.testing.ts';

/** Every workload of the contract, in the order of the catalogue. */
const ids = [
  'churn',
  'container-lifecycle',
  'density',
  'exec-stream',
  'exec-sync',
  'exit-latency',
  'image-remove',
  'in-container',
  'kubelet-shadow',
  'limits',
  'list',
  'log-throughput',
  'parallel-start',
  'pod-lifecycle',
  'pod-ready',
  'pod-ready-hostnet',
  'pull-big',
  'pull-medium',
  'pull-shared',
  'pull-small',
  'stats',
  'status',
  'stop-on-term',
];

describe('the workloads', async () => {
  const simulated = new Simulated();
  const all = await loadWorkloads();
  const named = (...wanted: string[]): readonly Workload[] =>
    wanted.map((id) => {
      const found = all.find(({ declaration }) => declaration.id === id);
      assert.ok(found, id);
      return found;
    });

  test('are those of the contract, each with a description that says what it is good for', () => {
    assert.deepEqual(
      all.map(({ declaration }) => declaration.id),
      ids,
    );
    for (const { declaration } of all) assert.match(declaration.description, /Good for/, declaration.id);
    assert.deepEqual(
      all.filter(({ declaration }) => declaration.profile === 'quick').map(({ declaration }) => declaration.id),
      ['exec-sync', 'list', 'pod-lifecycle', 'pod-ready', 'status'],
    );
    assert.deepEqual(
      all.filter(({ declaration }) => declaration.disruptive).map(({ declaration }) => declaration.id),
      ['churn', 'density'],
    );
  });

  for (const id of ['pod-ready', 'pod-ready-hostnet', 'container-lifecycle', 'stop-on-term', 'exec-sync', 'status']) {
    test(`${id} measures all that it declares and leaves nothing`, async () => {
      const [result] = await simulated.measure(named(id), { rounds: 1, iterationsPerRound: 2 });
      assertMeasured(result);
      await simulated.assertNoPods();
    });
  }

  test('exec-stream reads what the command says', async () => {
    const [result] = await simulated.measure(named('exec-stream'), { rounds: 1, iterationsPerRound: 2 });
    assertMeasured(result);
    const median = (name: string): number =>
      result?.operations.find((operation) => operation.name === name)?.quantiles[0]?.valueNs ?? NaN;
    assert.ok(median('StreamedExec') > median('Exec') && median('StreamedExec') > median('Stream'));
  });

  for (const id of ['list', 'stats']) {
    test(`${id} is measured beside more and more idle pods, which go in the end`, async () => {
      const results = await simulated.measure(named(id), { rounds: 1, iterationsPerRound: 1, profile: 'standard' });
      assert.deepEqual(
        results.map(({ load }) => loadLabel(load)),
        ['c1-p0', 'c1-p10', 'c1-p50', 'c1-p100'],
      );
      for (const result of results) assertMeasured(result);
      await simulated.assertNoPods();
    });
  }

  for (const id of ['pull-big', 'pull-medium', 'pull-small', 'pull-shared', 'image-remove']) {
    test(`${id} pulls an image of its own each time and removes it`, async () => {
      const before = (await simulated.asked(({ image }) => image.listImages({}))).images.length;
      const [result] = await simulated.measure(named(id), { rounds: 1 });
      assertMeasured(result);
      assert.equal((await simulated.asked(({ image }) => image.listImages({}))).images.length, before);
    });
  }

  test('parallel-start starts a burst at once, and all of it tell the same time', async () => {
    const results = await simulated.measure(named('parallel-start'), { rounds: 1 });
    assert.deepEqual(
      results.map(({ load, operations: [allReady] }) => [loadLabel(load), allReady?.name, allReady?.count]),
      [1, 5, 10].map((burst) => [`c${String(burst)}`, 'AllReady', Math.max(burst, 5)]),
    );
    for (const result of results) {
      assertMeasured(result);
      const [allReady, podReady] = result.operations;
      assert.ok((allReady?.maxNs ?? 0) >= (podReady?.maxNs ?? Infinity), 'the burst lasts as long as its slowest pod');
    }
    await simulated.assertNoPods();
  });

  test('a pod of a burst that cannot start does not keep the others waiting', async () => {
    const targets = [{ ...simulated.target, handler: 'no-such-handler' }];
    const results = await simulated.measure(named('parallel-start'), { rounds: 1, targets });
    assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['failed']));
  });

  test('kubelet-shadow asks while a pod comes and goes', async () => {
    const [result] = await simulated.measure(named('kubelet-shadow'), { rounds: 1, openRoundMs: 800 });
    assertMeasured(result);
    assert.deepEqual(
      ['Relist', 'PodReady', 'ListContainerStats'].map(
        (name) => result?.operations.find((operation) => operation.name === name)?.count,
      ),
      [8, 1, 1],
    );
    await simulated.assertNoPods();
  });

  test('what needs processes of this machine is skipped on a runtime without any, by name', async () => {
    const results = await simulated.measure(
      named('churn', 'density', 'exit-latency', 'in-container', 'limits', 'log-throughput'),
    );
    assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['skipped']));
    assert.equal(results.find(({ id }) => id === 'limits')?.reason, 'sim does not offer host-pids');
  });
});
