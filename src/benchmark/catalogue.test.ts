import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '../kit/workload.ts';
import { UsageError } from '../model/error.ts';
import { loadWorkloads, selectWorkloads } from './catalogue.ts';

test('the suites’ workloads are found by their path', async () => {
  const ids = (await loadWorkloads()).map(({ declaration }) => declaration.id);
  assert.ok(ids.includes('pod-lifecycle'), ids.join(' '));
  assert.deepEqual(ids, [...ids].sort());
});

test('globs choose workloads; none chooses all', async () => {
  const all = await loadWorkloads();
  assert.deepEqual(selectWorkloads(all, [], 'standard'), all);
  assert.deepEqual(
    selectWorkloads(all, ['pod-life*'], 'standard').map(({ declaration }) => declaration.id),
    ['pod-lifecycle'],
  );
});

test('a glob that matches nothing is refused and told the closest ids', async () => {
  const all = await loadWorkloads();
  assert.throws(
    () => selectWorkloads(all, ['pod-livecycle'], 'standard'),
    (error) => error instanceof UsageError && error.advice.includes('pod-lifecycle'),
  );
});

test('the quick profile has only the workloads that are quick, unless others are named', async () => {
  const [workload] = await loadWorkloads();
  assert.ok(workload);
  const quick: Workload = { ...workload, declaration: { ...workload.declaration, id: 'quick', profile: 'quick' } };
  const long: Workload = { ...workload, declaration: { ...workload.declaration, id: 'long', profile: 'standard' } };
  assert.deepEqual(selectWorkloads([quick, long], [], 'quick'), [quick]);
  assert.deepEqual(selectWorkloads([quick, long], [], 'standard'), [quick, long]);
  assert.deepEqual(selectWorkloads([quick, long], ['l*'], 'quick'), [long]);
});
