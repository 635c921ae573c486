import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema } from '../src/model/result.ts';
import { arrivalSummary, serviceTimes } from './arrivals.ts';
import { workloadTables } from './benchmark-table.ts';
import { costGaps, costRows } from './cost-table.ts';
import { workloadWarnings } from './workload-warnings.ts';

const benchmark = resultSchema.parse(
  JSON.parse(readFileSync(new URL('golden/bench/result.json', import.meta.url), 'utf8')),
);
const tableOf = (id: string) => {
  const table = workloadTables(benchmark).find((one) => one.id === id);
  assert.ok(table);
  return table;
};
const first = (id: string) => {
  const workload = tableOf(id).cells[0];
  assert.ok(workload);
  return workload;
};

test('sums up the starts of all rounds, and how late they came', () => {
  const workload = first('status');
  const summary = arrivalSummary(workload);
  assert.ok(summary);
  const rounds = workload.rounds.flatMap((round) => round?.arrivals ?? []);
  assert.equal(summary.intended, 14 * 100);
  assert.equal(
    summary.late,
    rounds.reduce((sum, { late }) => sum + late, 0),
  );
  assert.ok(summary.lagP99Ns !== null && summary.lagMaxNs !== null && summary.lagP99Ns < summary.lagMaxNs);
  assert.ok(Math.abs(summary.achievedPerSecond - 50) < 0.1);
  assert.equal(arrivalSummary(first('exec-sync')), undefined);
});

test('withholds a lag that too few starts bound, and one that cannot be read', () => {
  assert.equal(arrivalSummary(first('churn'))?.lagP99Ns, null);
  const broken = structuredClone(first('status'));
  for (const round of broken.rounds) if (round?.arrivals) round.arrivals.lagHistogram = 'AAAA';
  assert.equal(arrivalSummary(broken)?.lagP99Ns, null);
  assert.equal(arrivalSummary(broken)?.intended, 14 * 100);
});

test('has the time from the real start beside the latency under an open load only', () => {
  const workload = first('status');
  const latency = workload.operations.find(({ name }) => name === 'ContainerStatus');
  const service = serviceTimes(workload, 'ContainerStatus');
  assert.ok(service?.p50Ns != null && latency?.p50Ns != null && service.p50Ns < latency.p50Ns);
  assert.equal(serviceTimes(first('exec-sync'), 'ExecSync'), undefined);
});

test('tells what an iteration cost the runtime, and why a figure is not known', () => {
  const table = tableOf('pod-ready');
  const [runtime] = costRows(table);
  assert.equal(runtime?.label, 'runtime, an iteration');
  assert.match(runtime.cells[0] ?? '', /^1\d\d ms$/);
  const gaps = costGaps(table).filter(({ target }) => target === 'crio');
  assert.deepEqual(
    gaps.map(({ figures }) => figures),
    [['containers’ own work'], ['crible’s image registry']],
  );
  assert.deepEqual(costRows(tableOf('exec-sync')), []);
});

test('counts nothing for the runtime where no iteration was completed', () => {
  const [, failed] = tableOf('image-pull').cells;
  assert.equal(failed?.status, 'failed');
  const [runtime] = costRows(tableOf('image-pull'));
  assert.equal(runtime?.cells[1], undefined);
});

test('has the warnings of a workload under this load at hand', () => {
  const kinds = (id: string) => workloadWarnings(benchmark.warnings, tableOf(id)).map(({ kind }) => kind);
  assert.deepEqual(kinds('exec-sync'), ['stall-hidden']);
  assert.deepEqual(kinds('pod-ready'), []);
  const other = { kind: 'saturated' as const, message: 'c16: it was', subject: 'exec-sync' };
  assert.deepEqual(workloadWarnings([other], tableOf('exec-sync')), []);
  assert.equal(workloadWarnings([{ ...other, message: 'it was' }], tableOf('exec-sync')).length, 1);
});
