import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { outcomeStatuses } from '../src/model/outcome.ts';
import { resultSchema, type Result } from '../src/model/result.ts';
import { renderJunit } from './junit.ts';
import { visible } from './visible-text.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));

const count = z.coerce.number().int();
const property = z.object({ '@name': z.string(), '@value': z.string() });
const mark = z.object({ '@message': z.string(), '@type': z.string().optional(), '#text': z.string().optional() });
const header = { '@tests': count, '@failures': count, '@errors': count, '@skipped': count, '@time': z.coerce.number() };
const testCase = z.object({
  '@name': z.string(),
  '@classname': z.string(),
  properties: z.array(z.object({ property: z.array(property) })),
  failure: z.array(mark).default([]),
  error: z.array(mark).default([]),
  skipped: z.array(mark).default([]),
  'system-out': z.array(z.string()).default([]),
});
const suite = z.object({
  ...header,
  '@name': z.string(),
  properties: z.array(z.object({ property: z.array(property) })),
  testcase: z.array(testCase).default([]),
});
const document = z.object({ testsuites: z.array(z.object({ ...header, testsuite: z.array(suite) })) });

async function parsed(result: Result) {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    isArray: (_name, _path, isLeaf, isAttribute) => !isAttribute && !isLeaf,
    tagValueProcessor: (_name, value) => value,
  });
  const [suites] = document.parse(arrays(parser.parse(await renderJunit(result)))).testsuites;
  assert.ok(suites);
  return suites;
}

/** Every element as an array and no text between elements, which is what differs from one count to another. */
function arrays(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(arrays);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]: [string, unknown]) => {
      if (name.startsWith('@') || name.startsWith('#')) return [name, value];
      const inner = arrays(value);
      return [name, Array.isArray(inner) ? inner : [inner]];
    }),
  );
}

test('its headers count the elements below them', async () => {
  const suites = await parsed(golden);
  const cases = suites.testsuite.flatMap(({ testcase }) => testcase);
  for (const [head, below] of [
    [suites, cases],
    ...suites.testsuite.map((one) => [one, one.testcase] as const),
  ] as const) {
    assert.equal(head['@tests'], below.length);
    assert.equal(head['@failures'], below.filter(({ failure }) => failure.length > 0).length);
    assert.equal(head['@errors'], below.filter(({ error }) => error.length > 0).length);
    assert.equal(head['@skipped'], below.filter(({ skipped }) => skipped.length > 0).length);
  }
  assert.equal(cases.length, golden.cases.length);
});

test('its properties hold the counts of result.json', async () => {
  for (const { '@name': target, properties } of (await parsed(golden)).testsuite) {
    const values = new Map(
      properties.flatMap(({ property: list }) => list).map((one) => [one['@name'], one['@value']]),
    );
    for (const status of outcomeStatuses) {
      const expected = golden.cases.filter(
        (entry) => entry.target === target && entry.outcome.status === status,
      ).length;
      assert.equal(values.get(`outcome.${status}`), String(expected), `${target} ${status}`);
    }
  }
});

test('turns red for what is unexpected, and for nothing else', async () => {
  const cases = (await parsed(golden)).testsuite.flatMap(({ testcase }) => testcase);
  const red = cases.filter(({ failure, error }) => failure.length + error.length > 0).map((one) => one['@name']);
  const unexpected = golden.cases.filter(({ verdict }) => verdict.startsWith('unexpected'));
  assert.deepEqual(red.toSorted(), unexpected.map(({ id, target }) => `${id} [${target}]`).toSorted());
  const known = cases.find((one) => one['@name'] === 'pod-sandbox/stop/unknown-id [lab:containerd/runc]');
  assert.match(known?.skipped[0]?.['@message'] ?? '', /^expected deviation \(failed\): answers NotFound/);
  const flaky = cases.find((one) => one['@name'].startsWith('exec/sync/output-limit [crio'));
  assert.match(flaky?.skipped[0]?.['@message'] ?? '', /^flaky/);
  const mustFail = cases.find((one) => one['@name'] === 'pod-sandbox/hostname/own [crio]');
  assert.equal(mustFail?.failure[0]?.['@type'], 'unexpected-pass');
});

test('has no name twice, for GitLab drops the second', async () => {
  const names = (await parsed(golden)).testsuite.flatMap(({ testcase }) => testcase).map((one) => one['@name']);
  assert.equal(new Set(names).size, names.length);
});

test('stays small and well-formed with hostile text', async () => {
  const xml = await renderJunit(golden);
  assert.ok(xml.length < 100_000);
  assert.doesNotMatch(xml, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  assert.doesNotMatch(xml, /]]>|<script|<b>/);
});

test('gives back any message that a runtime may send', async () => {
  const failed = golden.cases.find(
    ({ verdict, outcome }) => verdict === 'unexpected-failure' && outcome.status === 'errored',
  );
  assert.ok(failed?.outcome.status === 'errored');
  const { outcome } = failed;
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), async (message) => {
      const result = { ...golden, cases: [{ ...failed, outcome: { ...outcome, message } }] };
      const [read] = (await parsed(result)).testsuite.flatMap(({ testcase }) => testcase);
      assert.equal(read?.error[0]?.['@message'], visible(message).replace(/\s+/g, ' '));
    }),
    { numRuns: 60 },
  );
});
