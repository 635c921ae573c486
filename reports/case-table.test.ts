import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema } from '../src/model/result.ts';
import { caseAreas } from './case-table.ts';
import { outcomeCounts } from './outcome-words.ts';
import { reportedStatuses, tally } from './tally.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));
const rows = caseAreas(golden).flatMap((area) => area.rows);
const rowOf = (id: string) => rows.find((row) => row.id === id);

test('has each case once, in its area, with a cell for each target', () => {
  assert.equal(rows.length, new Set(golden.cases.map(({ id }) => id)).size);
  assert.deepEqual(
    caseAreas(golden).map(({ name }) => name),
    ['container', 'exec', 'image', 'log', 'pod-sandbox', 'stats', 'status', 'version'],
  );
  assert.ok(rows.every(({ cells }) => cells.length === golden.targets.length));
});

test('tells where targets differ: by outcome, by verdict, but not where one was not run or not asked', () => {
  assert.equal(rowOf('pod-sandbox/run/ready')?.differs, false);
  assert.equal(rowOf('pod-sandbox/stop/unknown-id')?.differs, true);
  assert.equal(rowOf('status/runtime-config')?.differs, true);
  assert.equal(rowOf('exec/sync/output-limit')?.differs, true, 'flaky is not passed');
  assert.equal(rowOf('version/api')?.differs, false, 'not run says nothing');

  const [first] = golden.targets;
  const oneSided = { ...golden, cases: golden.cases.filter(({ target }) => target === first?.name) };
  assert.ok(
    caseAreas(oneSided).every((area) => area.rows.every(({ differs, cells }) => !differs && cells[1] === undefined)),
  );
});

test('counts every case exactly once, flaky ones apart from passed ones', () => {
  const counted = tally(golden.cases);
  assert.equal(
    reportedStatuses.reduce((sum, status) => sum + counted.byStatus[status], 0),
    golden.cases.length,
  );
  const withStatus = golden.cases.filter(({ outcome }) => outcome.status === 'passed').length;
  assert.equal(counted.byStatus.passed + counted.byStatus.flaky, withStatus);
  assert.equal(counted.byStatus.flaky, 1);
  assert.equal(counted.knownDeviations, 3);
  assert.equal(counted.unexpectedPasses, 1);
});

test('counts known deviations and passes that must fail under names of their own', () => {
  const counts = new Map(outcomeCounts(golden.cases).map(({ words, count }) => [words.label, count]));
  assert.equal(counts.get('failed, as expected'), 3);
  assert.equal(counts.get('failed'), 2);
  assert.equal(counts.get('passed, but must fail'), 1);
});
