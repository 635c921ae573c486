import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema } from '../src/model/result.ts';
import { loadWords, workloadTables } from './benchmark-table.ts';
import { roundMedians } from './round-medians.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));
const benchmark = resultSchema.parse(
  JSON.parse(readFileSync(new URL('golden/bench/result.json', import.meta.url), 'utf8')),
);
const tables = workloadTables(golden);
const operationOf = (label: string, name: string) =>
  tables.find((table) => table.label === label)?.operations.find((operation) => operation.name === name);

test('has a table for each workload and load', () => {
  assert.deepEqual(
    tables.map(({ label }) => label),
    ['pod-lifecycle-c1', 'exec-sync-c4', 'pull-medium-c1', 'status-r50', 'stats-c1'],
  );
  assert.deepEqual(
    tables.map(({ load }) => loadWords(load)),
    ['1 in flight', '4 in flight', '1 in flight', '50 starts a second', '1 in flight'],
  );
});

test('says of a load how starts come and beside what', () => {
  assert.equal(
    loadWords({ model: 'open', ratePerSecond: 2, arrival: 'poisson', population: 50 }),
    '2 starts a second at random, beside 50 idle pods',
  );
  assert.equal(
    loadWords({ model: 'open', ratePerSecond: 9, arrival: 'stepped' }),
    '9 starts a second, reached in four steps',
  );
});

test('shows a plain ratio as plain, and one with an interval where a comparison gave it', () => {
  const plain = workloadTables({ ...golden, comparisons: [] })
    .find(({ label }) => label === 'pod-lifecycle-c1')
    ?.operations.find(({ name }) => name === 'RunPodSandbox');
  const [base, candidate] = plain?.cells ?? [];
  assert.equal(plain?.ratios[0], undefined);
  assert.deepEqual(plain?.ratios[1], { kind: 'plain', ratio: (candidate?.p50Ns ?? 0) / (base?.p50Ns ?? 0) });
  const compared = operationOf('exec-sync-c4', 'ExecSync')?.ratios[1];
  assert.equal(compared?.kind === 'compared' && compared.comparison.metric, 'p50');
});

test('shows a measure with the median and the range of its rounds', () => {
  const table = workloadTables(benchmark).find(({ id }) => id === 'log-throughput');
  const [bytes, lost] = table?.measures ?? [];
  assert.deepEqual(
    [bytes?.name, bytes?.unit, bytes?.primary, lost?.primary],
    ['BytesPerSecond', 'bytes/s', true, false],
  );
  for (const cell of bytes?.cells ?? []) {
    assert.ok(cell?.median != null && (cell.lowest ?? 0) < cell.median && cell.median < (cell.highest ?? 0));
    assert.equal(cell.rounds, 14);
  }
  assert.equal(bytes?.ratios[1]?.kind, 'compared');
});

test('gives no ratio where a median is missing', () => {
  assert.equal(
    workloadTables({ ...golden, comparisons: [] }).find(({ id }) => id === 'pull-medium')?.operations[0]?.ratios[1],
    undefined,
  );
  assert.equal(operationOf('pull-medium-c1', 'PullImage')?.unit.name, 'ms');
});

test('reads the median of each round out of its histogram, and marks a lost one', () => {
  const [first, second] = golden.workloads;
  assert.ok(first && second);
  const { rounds } = first;
  const medians = roundMedians(first, 'RunPodSandbox');
  assert.equal(medians.length, rounds.length);
  for (const [index, { medianNs, count }] of medians.entries()) {
    const operation = rounds[index]?.operations.find(({ name }) => name === 'RunPodSandbox');
    assert.equal(count, operation?.count);
    assert.ok(medianNs !== null && medianNs >= (operation?.minNs ?? 0) && medianNs <= (operation?.maxNs ?? 0));
  }
  assert.equal(roundMedians(second, 'RunPodSandbox')[3]?.medianNs, null);
});

test('does without the point of a histogram that cannot be read', () => {
  const [first] = golden.workloads;
  assert.ok(first);
  const broken = structuredClone(first);
  const operation = broken.rounds[0]?.operations[0];
  assert.ok(operation);
  operation.histogram = 'AAAA';
  assert.equal(roundMedians(broken, operation.name)[0]?.medianNs, null);
  assert.notEqual(roundMedians(broken, operation.name)[1]?.medianNs, null);
});
