import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workloadResultSchema } from '../model/workload.ts';
import { Recorder } from './recorder.ts';
import { resultOf, warningsOf, type Series } from './series.ts';
import type { Visit } from './visit.ts';

/** A visit of a second's length in which crible used so much CPU time. */
function measured(cribleCpuNs: number, samples = 3, failures = 0): Visit {
  const recorder = new Recorder(['X']);
  for (let sample = 0; sample < samples; sample++) recorder.succeeded('X', 1000);
  for (let failure = 0; failure < failures; failure++) recorder.failed('X', new Error('no'));
  const { operations, errors } = recorder;
  const round = { startedAt: '2026-01-01T00:00:00.000Z', durationNs: 1e9, operations, cribleCpuNs };
  return { kind: 'measured', round, errors };
}

function series(visits: readonly Visit[], more: Partial<Series> = {}): Series {
  return {
    declaration: {
      id: 'w',
      revision: 1,
      title: 'W',
      description: 'W',
      operations: [{ name: 'X', description: 'x' }],
      primary: 'X',
      needs: [],
    },
    target: 't',
    load: { model: 'closed', concurrency: 4 },
    plannedRounds: 3,
    missing: [],
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
  assert.equal(status(series([], { missing: ['host-files', 'root'] })), 'skipped: t does not offer host-files, root');
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
