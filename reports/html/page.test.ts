import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema, type Result } from '../../src/model/result.ts';
import { caseAnchor, fragment } from './anchor.ts';
import { renderHtml } from './page.tsx';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('../golden/result.json', import.meta.url), 'utf8')));

/** Every text that may come from a runtime replaced by an attack; words that the schema fixes, and names that tie the parts together, stay. */
function poisoned(result: Result): Result {
  const attack = `"'></pre></style><img src=x onerror=alert(1)><script>alert(1)</script><!-- \u001b[31m \u202e \ud800 ]]>`;
  const fixed = new Set(
    'name kind status verdict level target id key operation primary workload base candidate metric better stability phase evidence expect state apiVersion cgroupLayout startedAt finishedAt profile histogram model missing needs cases caseId expires hostId'.split(
      ' ',
    ),
  );
  const poison = (value: unknown): unknown => {
    if (typeof value === 'string') return attack;
    if (Array.isArray(value)) return value.map(poison);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]: [string, unknown]) => [
        name,
        fixed.has(name) && typeof inner === 'string' ? inner : poison(inner),
      ]),
    );
  };
  return resultSchema.parse(poison(result));
}

/** As many cases as a full suite has, a third of them failed with long transcripts, and every workload measured. */
function large(): Result {
  const failed = golden.cases.find(({ outcome }) => outcome.status === 'failed' && outcome.transcript.length > 4);
  assert.ok(failed?.outcome.status === 'failed');
  const { outcome } = failed;
  const transcript = Array.from(
    { length: 12 },
    (_, index) => outcome.transcript[index % outcome.transcript.length],
  ).flatMap((entry) => (entry ? [entry] : []));
  const cases = golden.targets.flatMap(({ name }) =>
    Array.from({ length: 300 }, (_, index) => ({
      ...failed,
      target: name,
      id: `area-${String(index % 12)}/case/number-${String(index)}`,
      ...(index % 3 === 0
        ? { outcome: { ...outcome, transcript } }
        : { outcome: { status: 'passed' as const }, verdict: 'as-expected' as const }),
    })),
  );
  const workloads = Array.from({ length: 23 }, (_, index) =>
    golden.workloads.slice(0, 2).map((workload) => ({ ...workload, id: `workload-${String(index)}` })),
  ).flat();
  return { ...golden, cases, workloads };
}

test('shows the transcript of every case that went wrong', async () => {
  const page = await renderHtml(golden);
  for (const { id, target, outcome } of golden.cases) {
    const anchor = caseAnchor(id, target);
    assert.equal(page.split(`id="${anchor}"`).length, 2, `${anchor} is there once`);
    if ('transcript' in outcome) {
      const article = page.slice(page.indexOf(`<article id="${anchor}"`)).split('</article>')[0] ?? '';
      for (const entry of outcome.transcript) {
        assert.ok(
          article.includes('rpc' in entry ? `<b>${entry.rpc}</b>` : entry.note),
          `${anchor} ${JSON.stringify(entry).slice(0, 80)}`,
        );
      }
    }
  }
});

test('has no id twice and no link into nothing', async () => {
  const page = await renderHtml(golden);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
});

test('lets no text of a runtime become markup', async () => {
  const page = await renderHtml(poisoned(golden));
  const elements = new Set([...page.matchAll(/<([a-z!-]+)/gi)].map((match) => match[1]?.toLowerCase()));
  for (const element of ['script', 'img', 'iframe', '!--', 'object', 'embed', 'base']) {
    assert.ok(!elements.has(element), element);
  }
  assert.equal(page.split('<style').length, 2);
  assert.equal(page.split('</style>').length, 2);
  assert.doesNotMatch(page, / (on\w+|style)="/);
  assert.doesNotMatch(page, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
});

test('links only to the web, whatever an expectations file says', async () => {
  const cases = golden.cases.map((entry) =>
    entry.expectation ? { ...entry, expectation: { ...entry.expectation, link: 'javascript:alert(1)' } } : entry,
  );
  assert.doesNotMatch(await renderHtml({ ...golden, cases }), /href="javascript/);
});

test('stays below 2 MB with 2 targets, 300 cases and all workloads', async () => {
  const sizeBytes = Buffer.byteLength(await renderHtml(large()));
  assert.ok(sizeBytes < 2_000_000, `${String(sizeBytes)} bytes`);
});

test('is a page also of a run that knows nothing yet', async () => {
  const empty: Result = {
    ...golden,
    targets: [],
    hosts: [],
    cases: [],
    observationKeys: [],
    observations: [],
    workloads: [],
    comparisons: [],
    gates: [],
    warnings: [],
    run: { ...golden.run, finishedAt: null },
  };
  assert.match(await renderHtml(empty), /<h2 id="verdict-title">/);
});

test('keeps different names apart in anchors', () => {
  assert.equal(fragment('lab:containerd/runc'), 'lab:containerd/runc');
  assert.equal(fragment('unix:///a b.sock#crun'), 'unix:///a~20~b.sock~23~crun');
  assert.notEqual(fragment('a b'), fragment('a~20~b'));
});
