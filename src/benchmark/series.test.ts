import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cost } from '../model/cost.ts';
import { workloadResultSchema, type Load, type Round } from '../model/workload.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { Recorder } from './recorder.ts';
import { resultOf, type Series } from './series.ts';
import { warningsOf } from './series-warnings.ts';
import type { Visit } from './visit.ts';

const cost: Cost = {
  durationNs: 1e9,
  runtimeCpuNs: null,
  daemonCpuNs: null,
  daemonProcessCpuNs: null,
  podsCpuNs: null,
  workloadCpuNs: null,
  cribleCpuNs: 0,
  registryCpuNs: null,
  machineBusyNs: null,
  machineStolenNs: null,
  unexplainedCpuNs: null,
  eventLoopLagP99Ns: null,
  eventLoopLagMaxNs: null,
  daemonRssBytes: null,
  daemonCgroupBytes: null,
  daemonDescriptors: null,
  daemonThreads: null,
  unknown: [],
};

/** A visit of a second's length in which crible used so much CPU time. */
function measured(cribleCpuNs: number, samples = 3, failures = 0, unexplainedCpuNs: number | null = null): Visit {
  const recorder = new Recorder(['X'], 'closed');
  for (let sample = 0; sample < samples; sample++) recorder.succeeded('X', 1000);
  for (let failure = 0; failure < failures; failure++) recorder.failed('X', new Error('no'));
  const { operations, errors } = recorder;
  const round = {
    startedAt: '2026-01-01T00:00:00.000Z',
    durationNs: 1e9,
    operations,
    measures: [],
    cost: { ...cost, cribleCpuNs, unexplainedCpuNs },
  };
  return { kind: 'measured', round, errors, endedPerSecond: null };
}

function series(visits: readonly Visit[], more: Partial<Series> = {}): Series {
  return {
    declaration: {
      id: 'w',
      revision: 1,
      title: 'W',
      description: 'W',
      operations: [{ name: 'X', description: 'x' }],
      measures: [],
      primary: 'X',
      needs: [],
      profile: 'quick',
      disruptive: false,
    },
    target: 't',
    load: { model: 'closed', concurrency: 4 },
    plannedRounds: 3,
    visits: visits.map((visit, index) => ({ visit, index, order: 0 })),
    ...more,
  };
}

const lost: Visit = { kind: 'lost', problem: 'the socket is gone' };
const warned = (of: Series) => warningsOf(of, resultOf(of)).map(({ kind, message }) => `${kind}: ${message}`);

test('a result keeps a place for every planned round and follows the schema', () => {
  const result = workloadResultSchema.parse(resultOf(series([measured(0), lost])));
  assert.deepEqual(
    result.rounds.map((round) => round?.index ?? null),
    [0, null, null],
  );
  assert.equal(result.status, 'measured');
  assert.equal(result.operations[0]?.count, 3);
});

test('why nothing was measured is told by what went wrong', () => {
  const status = (of: Series) => {
    const { status: found, reason } = resultOf(of);
    return `${found}: ${reason ?? ''}`;
  };
  assert.equal(
    status(series([], { skipped: 't does not offer host-files, root' })),
    'skipped: t does not offer host-files, root',
  );
  assert.match(status(series([lost, lost, lost])), /^failed: no round was measured: the socket is gone/);
  assert.match(status(series([{ kind: 'interrupted' }])), /^not-run: the run was interrupted/);
  assert.match(status(series([])), /^not-run: the run was interrupted/);
  assert.match(status(series([measured(0, 0, 2)])), /^failed: no iteration got through X; X: no/);
  assert.match(status(series([{ kind: 'unprepared', error: new Error('no image') }])), /^failed: .*no image/);
});

test('a round in which crible used more than half a core makes a warning with the median share', () => {
  assert.ok(
    !warned(series([measured(0.5e9), measured(0.1e9), measured(0.2e9)]))
      .join()
      .includes('client-saturated'),
  );
  const [warning] = warned(series([measured(0.6e9, 400), measured(0.1e9), measured(0.2e9)]));
  assert.match(warning ?? '', /^client-saturated: c4: .*in 1 of 3 rounds \(0\.20 of a core in the median one\)/);
});

test('work of somebody else makes a warning, unless nobody knows whose it was', () => {
  assert.deepEqual(warned(series([measured(0, 400, 0, null), measured(0, 400, 0, 0.2e9)])), []);
  const [warning] = warned(series([measured(0, 400, 0, 0.4e9), measured(0, 400, 0, 0.1e9), measured(0, 400)]));
  assert.match(warning ?? '', /^unexplained-cpu: c4: .*in 1 of 2 rounds \(0\.25 of a core in the median one\)/);
});

const rate: Load = { model: 'open', ratePerSecond: 100, arrival: 'constant' };

/** A round under 100 starts a second, of which some were late or dropped. */
function arrived(arrivals: Partial<NonNullable<Round['arrivals']>>, endedPerSecond: number | null = 100): Visit {
  const visit = measured(0, 400);
  assert.ok(visit.kind === 'measured');
  const lag = new LatencyHistogram();
  for (let start = 0; start < 200; start++) lag.record(start < (arrivals.late ?? 0) ? 5_000_000 : 1000);
  const all = {
    intended: 200,
    started: 200,
    late: 0,
    dropped: 0,
    lagHistogram: lag.toBase64(),
    achievedPerSecond: 100,
  };
  return { ...visit, round: { ...visit.round, arrivals: { ...all, ...arrivals } }, endedPerSecond };
}

test('a rate that was reached in time makes no warning', () => {
  assert.deepEqual(warned(series([arrived({}), arrived({ late: 2 }, 95)], { load: rate })), []);
  assert.deepEqual(
    warned(series([arrived({}), arrived({}), arrived({}, 50)], { load: rate })),
    [],
    'one slow round of three',
  );
});

test('a rate that was not reached is told with what was: starts that came late or never, or ends that did', () => {
  const of = (...visits: Visit[]) => warned(series(visits, { load: rate })).join();
  assert.match(of(arrived({}, 40), arrived({}, 42)), /^saturated: r100: 100 iterations .* 41.0 were reached\. /);
  assert.match(of(arrived({ achievedPerSecond: 80 })), /^saturated: r100: .* 80.0 were reached\. /);
  assert.match(
    of(arrived({ started: 150, dropped: 50, achievedPerSecond: 75 }), arrived({})),
    /75?.* were reached; 50 of 400 starts were dropped since too many were in flight/,
  );
});

test('a stepped load is measured by its mean, which is lower than its rate', () => {
  const stepped: Load = { ...rate, arrival: 'stepped' };
  assert.deepEqual(warned(series([arrived({ achievedPerSecond: 62.5 }, 62)], { load: stepped })), []);
  assert.match(warned(series([arrived({ achievedPerSecond: 50 }, 50)], { load: stepped })).join(), /62.5 iterations/);
});

test('late starts are told when they are many and long beside a latency', () => {
  assert.match(
    warned(series([arrived({ late: 20 })], { load: rate })).join(),
    /^late-starts: r100: 20 of 200 iterations began more than 1 ms late \(p99 5.0\d ms\)/,
  );
  const slow = arrived({ late: 20 });
  assert.ok(slow.kind === 'measured');
  const recorder = new Recorder(['X'], 'open');
  for (let sample = 0; sample < 400; sample++) recorder.succeeded('X', 100e6);
  const visit = { ...slow, round: { ...slow.round, operations: recorder.operations } };
  assert.deepEqual(warned(series([visit], { load: rate })), [], '5 ms are little beside 100 ms');
});

test('lost rounds are told together, with the first cause', () => {
  const [warning] = warned(series([measured(0, 400), lost, { kind: 'lost', problem: 'second' }]));
  assert.match(warning ?? '', /^lost-round: c4: 2 of 3 rounds were lost .*the socket is gone/);
});

test('percentiles are told withheld with what they want', () => {
  assert.match(
    warned(series([measured(0, 5)]))[0] ?? '',
    /^too-few-samples: .*p50 \(wants 6\) or p90 .*p99 \(wants 368\)/,
  );
  assert.match(warned(series([measured(0, 367)]))[0] ?? '', /cannot bound p99 \(wants 368\)/);
  assert.deepEqual(warned(series([measured(0, 368)])), []);
});
