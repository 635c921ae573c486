import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ObservationDeclaration } from '../src/model/observation.ts';
import { resultSchema, type Result } from '../src/model/result.ts';
import { observationRows } from './observation-table.ts';
import type { JsonValue } from './quoted-value.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));

/** One key with one or more values per target. */
function observed(
  stability: ObservationDeclaration['stability'],
  ...values: readonly (readonly JsonValue[])[]
): Result {
  return {
    ...golden,
    observationKeys: [{ key: 'a.key', meaning: '', stability, source: '' }],
    observations: values.flatMap((ofTarget, index) =>
      ofTarget.map((value) => ({ key: 'a.key', target: golden.targets[index]?.name ?? '', value, caseId: 'a/b' })),
    ),
  };
}
const differs = (result: Result) => observationRows(result)[0]?.differs;

test('puts differing keys first', () => {
  const rows = observationRows(golden);
  assert.deepEqual(
    rows.map((row) => row.differs),
    rows.map((row) => row.differs).toSorted((a, b) => Number(b) - Number(a)),
  );
  assert.equal(rows.length, golden.observationKeys.length);
});

test('compares by the stability of the key', () => {
  assert.equal(differs(observed('exact', [[1, 2]], [[2, 1]])), true);
  assert.equal(differs(observed('set', [[1, 2]], [[2, 1]])), false);
  assert.equal(differs(observed('set', [[1, 2]], [[2, 3]])), true);
  assert.equal(differs(observed('range', [10], [2000])), false);
  assert.equal(differs(observed('exact', [{ a: 1, b: [{ c: 1, d: 2 }] }], [{ b: [{ d: 2, c: 1 }], a: 1 }])), false);
  assert.equal(differs(observed('exact', ['9'], [9])), true);
});

test('takes what only one target showed, and what it showed twice, for what it is', () => {
  assert.equal(differs(observed('exact', [1], [])), false);
  assert.equal(differs(observed('exact', [1, 2], [2, 1])), false);
  assert.equal(differs(observed('exact', [1, 2], [1])), true);
  assert.deepEqual(observationRows(observed('exact', [1, 1], []))[0]?.cells, [[1], []]);
});
