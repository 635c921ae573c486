import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema, type Result } from '../../src/model/result.ts';
import { caseAnchor, fragment } from './anchor.ts';
import { renderHtml } from './page.tsx';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('../golden/result.json', import.meta.url), 'utf8')));

const benchmark = resultSchema.parse(
  JSON.parse(readFileSync(new URL('../golden/bench/result.json', import.meta.url), 'utf8')),
);

/** Every text that may come from a runtime replaced by an attack; words that the schema fixes, and names that tie the parts together, stay. */
function poisoned(result: Result): Result {
  const attack = `"'></pre></style><img src=x onerror=alert(1)><script>alert(1)</script><!-- \u001b[31m \u202e \ud800 ]]>`;
  const fixed = new Set(
    'name kind status verdict level target id key operation primary workload base candidate metric better stability phase evidence expect state apiVersion cgroupLayout startedAt finishedAt profile histogram serviceHistogram lagHistogram arrival floor model missing needs cases caseId expires hostId'.split(
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
  const kinds = ['pod-ready', 'status', 'churn'];
  const ofKind = <T>(all: readonly T[], idOf: (one: T) => string, index: number) =>
    all
      .filter((one) => idOf(one) === kinds[index % kinds.length])
      .map((one) => ({ one, id: `workload-${String(index)}` }));
  const indices = Array.from({ length: 23 }, (_, index) => index);
  const renamed = new Map([
    ['containerd', golden.targets[0]?.name ?? ''],
    ['crio', golden.targets[1]?.name ?? ''],
  ]);
  const workloads = indices.flatMap((index) =>
    ofKind(benchmark.workloads, ({ id }) => id, index).flatMap(({ one, id }) => {
      const target = renamed.get(one.target);
      return target === undefined ? [] : [{ ...one, id, target }];
    }),
  );
  const comparisons = indices.flatMap((index) =>
    ofKind(benchmark.comparisons, ({ workload }) => workload, index).flatMap(({ one, id }) => {
      const [base, candidate] = [renamed.get(one.base), renamed.get(one.candidate)];
      return base === undefined || candidate === undefined ? [] : [{ ...one, workload: id, base, candidate }];
    }),
  );
  return { ...golden, cases, workloads, comparisons };
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

for (const [name, result] of Object.entries({ evaluation: golden, benchmark })) {
  test(`has no id twice and no link into nothing, ${name}`, async () => {
    const page = await renderHtml(result);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
  });

  test(`lets no text of a runtime become markup, ${name}`, async () => {
    const page = await renderHtml(poisoned(result));
    const elements = new Set([...page.matchAll(/<([a-z!-]+)/gi)].map((match) => match[1]?.toLowerCase()));
    for (const element of ['script', 'img', 'iframe', '!--', 'object', 'embed', 'base']) {
      assert.ok(!elements.has(element), element);
    }
    assert.equal(page.split('<style').length, 2);
    assert.equal(page.split('</style>').length, 2);
    assert.doesNotMatch(page, / (on\w+|style)="/);
    assert.doesNotMatch(page, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
  });
}

test('names a target with a fault before it nowhere without saying so', async () => {
  const page = await renderHtml(benchmark);
  const words = page.replaceAll(/<wbr\s*\/?>|<pre>[^<]*<\/pre>/g, '').replaceAll(/<[^>]*>/g, ' ');
  assert.doesNotMatch(words, /\bslow\b(?! \(a fault is on\)|=)/);
  assert.ok(page.includes('aria-label="A fault is on"'));
});

test('folds exploratory comparisons away, and gives noise floors a block of their own', async () => {
  const page = await renderHtml(benchmark);
  assert.match(page, /<summary>\d+ exploratory comparisons of crio ÷ containerd, uncorrected<\/summary>/);
  assert.match(page, /<h3 id="noise-floors">/);
  assert.ok(page.includes('A stall hardly shows in these percentiles'));
  assert.match(await renderHtml(golden), /<dt>asked<\/dt><dd><code>exited-in-time<\/code>/);
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
