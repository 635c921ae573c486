import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { workloads } from './pod-lifecycle.ts';
import { assertMeasured, Simulated } from './simulated.testing.ts';

describe('pod-lifecycle', () => {
  const simulated = new Simulated();

  test('measures every operation of a pod’s life and leaves nothing', async () => {
    const { target } = simulated;
    const results = await simulated.measure(workloads, { targets: [target, { ...target, name: 'same' }] });
    assert.equal(results.length, 2);
    for (const result of results) {
      assertMeasured(result);
      assert.deepEqual(new Set(result.operations.map(({ count }) => count)), new Set([4]));
    }
    await simulated.assertNoPods();
  });

  test('PodReady is no shorter than the three calls that are in it', async () => {
    const [result] = await simulated.measure(workloads);
    const least = (name: string): number =>
      result?.operations.find((operation) => operation.name === name)?.quantiles[0]?.valueNs ?? NaN;
    assert.ok(
      least('PodReady') >= least('RunPodSandbox') + least('CreateContainer') + least('StartContainer'),
      'the shortest span holds three calls, none shorter than the shortest of its kind',
    );
  });

  test('lives of pods may overlap', async () => {
    const [result] = await simulated.measure(workloads, {
      loads: [{ model: 'closed', concurrency: 8 }],
      rounds: 1,
    });
    assertMeasured(result);
    assert.equal(result?.operations[0]?.count, 16);
  });

  test('a container that cannot be made fails the operations that it is in, and no other', async () => {
    const targets = [{ ...simulated.target, handler: 'no-such-handler' }];
    const [result] = await simulated.measure(workloads, { targets });
    assert.equal(result?.status, 'failed');
    assert.deepEqual(
      result.operations.flatMap(({ name, failures }) => (failures > 0 ? [name] : [])),
      ['PodReady', 'RunPodSandbox'],
    );
    assert.deepEqual(
      result.errors.map(({ operation, count }) => [operation, count]),
      [['RunPodSandbox', 4]],
    );
  });
});
