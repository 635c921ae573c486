import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { resultSchema } from '../../src/model/result.ts';

const committed = readFileSync(new URL('result.schema.json', import.meta.url), 'utf8');
const golden: unknown = JSON.parse(readFileSync(new URL('../golden/result.json', import.meta.url), 'utf8'));
// Formats are annotations of JSON Schema; the pattern beside each of them is what binds.
const isResult = new Ajv2020({ validateFormats: false }).compile(
  z.record(z.string(), z.unknown()).parse(JSON.parse(committed)),
);

test('the committed schema is the one that the model gives', () => {
  const script = fileURLToPath(new URL('generate.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8' });
  assert.equal(printed, committed, 'write what reports/schema/generate.ts prints to result.schema.json');
});

test('the golden result satisfies it', () => {
  assert.ok(isResult(golden), JSON.stringify(isResult.errors));
});

test('it refuses what the model refuses', () => {
  const result = resultSchema.parse(golden);
  const refused: readonly unknown[] = [
    {},
    { ...result, schemaVersion: 2 },
    { ...result, cases: [{ ...result.cases[0], outcome: { status: 'fine' } }] },
    { ...result, cases: [{ ...result.cases[0], id: 'Not An Id' }] },
    { ...result, run: { ...result.run, startedAt: 'yesterday' } },
    { ...result, workloads: [{ ...result.workloads[0], load: { model: 'closed' } }] },
  ];
  for (const value of refused) {
    assert.equal(resultSchema.safeParse(value).success, false);
    assert.equal(isResult(value), false, JSON.stringify(value).slice(0, 200));
  }
});
