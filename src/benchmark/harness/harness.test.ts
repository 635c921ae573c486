import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StatusError } from '../../cri/handler.ts';
import { serve } from '../../cri/server.ts';
import { callers, isCallerName, openCaller } from './caller.ts';
import type { Comparison, Summary } from './comparison.ts';
import { hasH2load, measureH2load } from './h2load.ts';
import { measure } from './measure.ts';
import type { PacedRun } from './open-model.ts';
import { measureCaller, measurePacing, measureRecordingCost } from './processes.ts';
import { tableOf, targetsOf } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-harness-'));
let answersLeft = Infinity;
const server = await serve(join(folder, 'cri.sock'), {
  runtime: {
    version: () =>
      answersLeft-- > 0
        ? Promise.resolve({ version: '0.1.0', runtimeName: 'fake' })
        : Promise.reject(new StatusError('Internal', 'no more')),
  },
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const names = Object.keys(callers).filter(isCallerName);
const load = { inFlight: 4, durationMs: 100 };

test('every caller calls, and counts calls that fail as errors instead of timing them', async () => {
  for (const name of names) {
    answersLeft = Infinity;
    const caller = await openCaller(name, server.endpoint);
    const good = await measure(caller, load);
    assert.ok(good.calls > 0, `${name} made calls`);
    assert.equal(good.errors, 0, name);
    assert.ok((good.p50Us ?? 0) > 10, name);
    assert.ok((good.cpuPerCallUs ?? 0) > 0, name);
    answersLeft = 0;
    const bad = await measure(caller, load);
    assert.deepEqual([bad.calls, bad.p50Us, bad.cpuPerCallUs], [0, null, null], name);
    assert.ok(bad.errors > 0, name);
    caller.close();
  }
});

test('a process of its own tells what it measured', async () => {
  answersLeft = Infinity;
  const { calls, errors } = await measureCaller('frames', server.endpoint, load);
  assert.ok(calls > 0, 'calls were made');
  assert.equal(errors, 0);
  await assert.rejects(measureCaller('frames', 'nonsense', load), /ended with exit code/);
  const paced = await measurePacing(server.endpoint, { ratePerSecond: 600, durationMs: 200 });
  assert.deepEqual([paced.intendedPerSecond, paced.started + paced.dropped, paced.errors], [600, 120, 0]);
  assert.ok(paced.achievedPerSecond > 0 && paced.achievedPerSecond < 610, String(paced.achievedPerSecond));
  assert.ok(paced.lagP99Us >= 0 && paced.cpuShare > 0);
  const { nsPerSample, grownBytes } = await measureRecordingCost();
  assert.ok(nsPerSample > 1 && nsPerSample < 100_000, nsPerSample.toString());
  assert.ok(grownBytes < 20e6, grownBytes.toString());
});

test('h2load is read', { skip: (await hasH2load()) ? false : 'h2load is not installed' }, async () => {
  answersLeft = Infinity;
  for (const inFlight of [1, 16]) {
    const { calls, errors, callsPerSecond, p50Us, cpuPerCallUs } = await measureH2load(server.endpoint, inFlight, 500);
    assert.deepEqual([calls, errors], [500, 0]);
    assert.ok(callsPerSecond > 0 && (cpuPerCallUs ?? -1) >= 0, 'figures were found');
    assert.equal(p50Us !== null && p50Us > 10, inFlight === 1);
  }
});

test('the table shows ratios to grpc-js, and whether what is wanted was reached', () => {
  const summary = (row: Summary['row'], p50UsAt1: number, callsPerSecondAt16: number, cpu: number): Summary => ({
    row,
    p50UsAt1,
    callsPerSecondAt16,
    cpuPerCallUsAt16: cpu,
    errors: 0,
  });
  const pacedRun: PacedRun = {
    ...{ intendedPerSecond: 2000, achievedPerSecond: 1990, lagP99Us: 1200 },
    ...{ started: 2000, dropped: 0, errors: 1, cpuShare: 0.97 },
  };
  const comparison: Comparison = {
    runs: [],
    summaries: [summary('grpc-js', 300, 6000, 200), summary('frames', 75, 54_000, 5)],
    paced: [pacedRun, pacedRun, { ...pacedRun, achievedPerSecond: 2000 }],
    recording: { nsPerSample: 400, grownBytes: 1e6 },
  };
  const table = tableOf(comparison);
  assert.match(
    table,
    /open load of 2,000\/s: .* 1,990 starts a second, p99 of the lag 1,200 µs, 0\.97 of a core, 0 dropped, 3 errors/,
  );
  assert.match(table, /frames +75 +0\.25× +54,000 +9\.00× +5\.0 +0\.03× +0/);
  assert.deepEqual(
    targetsOf(comparison).map(({ holds }) => holds),
    [null, true, true, true, false, false, false, true],
    'h2load is missing, starts are late and recording is slow',
  );
  assert.match(table, /DOES NOT HOLD +µs to record a latency: at most 0\.3 \(0\.40\)/);
});
