import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { listOf } from './list.ts';

const casesSchema = z.object({
  cases: z.array(z.object({ id: z.string(), critest: z.array(z.string()).optional(), proofs: z.array(z.unknown()) })),
  critest: z.record(z.string(), z.string()),
  outOfScope: z.array(z.object({ id: z.string(), reason: z.string() })),
});

test('the cases as JSON: what each answers of critest, what that is, and what none answers', async () => {
  const { json } = await listOf('cases', new AbortController().signal);
  const { cases, critest, outOfScope } = casesSchema.parse(JSON.parse(JSON.stringify(json)));
  const ready = cases.find(({ id }) => id === 'pod-sandbox/run/is-ready-at-once');
  assert.deepEqual(ready?.critest, ['PS-1#ready']);
  assert.equal(critest['PS-1'], 'a sandbox is ready as soon as it runs, and listed by its id');
  const plugIns = outOfScope.filter(({ id }) => id.startsWith('NR-'));
  assert.equal(plugIns.length, 13);
  assert.match(plugIns[0]?.reason ?? '', /no part of the CRI/);
});

test('other lists as JSON have one name', async () => {
  const { json } = await listOf('observations', new AbortController().signal);
  assert.deepEqual(Object.keys(json), ['observations']);
});
