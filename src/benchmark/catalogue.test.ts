import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/error.ts';
import { loadWorkloads, selectWorkloads } from './catalogue.ts';

test('the suites’ workloads are found by their path', async () => {
  const ids = (await loadWorkloads()).map(({ declaration }) => declaration.id);
  assert.ok(ids.includes('pod-lifecycle'), ids.join(' '));
  assert.deepEqual(ids, [...ids].sort());
});

test('globs choose workloads; none chooses all', async () => {
  const all = await loadWorkloads();
  assert.deepEqual(selectWorkloads(all, []), all);
  assert.deepEqual(
    selectWorkloads(all, ['pod-life*']).map(({ declaration }) => declaration.id),
    ['pod-lifecycle'],
  );
});

test('a glob that matches nothing is refused and told the closest ids', async () => {
  const all = await loadWorkloads();
  assert.throws(
    () => selectWorkloads(all, ['pod-livecycle']),
    (error) => error instanceof UsageError && error.advice.includes('pod-lifecycle'),
  );
});
