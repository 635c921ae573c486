import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadWorkloads } from '../../src/benchmark/catalogue.ts';
import { knownProofs } from '../../src/cli/mutation/read-mutation.ts';
import { loadCatalogue } from '../../src/conformance/catalogue.ts';
import { faults } from '../../src/faults/catalogue.ts';

/** Behaviours that no case answers yet. The list may only become shorter. */
const open: readonly string[] = [];

const { cases, critest, outOfScope } = await loadCatalogue();
const answers = cases.flatMap(({ declaration: { id: caseId, critest: named = [] } }) =>
  named.map((text) => {
    const [behaviour = '', key = ''] = text.split('#');
    return { caseId, behaviour, key, expectation: `${caseId}#${key}` };
  }),
);
const answered = new Set(answers.map(({ behaviour }) => behaviour));
const leftOut = new Set(outOfScope.map(({ id }) => id));

test('every behaviour of critest is answered by a case, or out of scope for a reason', () => {
  const unanswered = Object.keys(critest).filter((id) => !answered.has(id) && !leftOut.has(id));
  assert.deepEqual(unanswered, open);
  assert.deepEqual(
    outOfScope.filter(({ reason }) => reason.length < 20),
    [],
  );
});

test('what cases answer and what is out of scope are behaviours of critest, none of them both', () => {
  const known = new Set(Object.keys(critest));
  assert.deepEqual(
    [...answered, ...leftOut].filter((id) => !known.has(id)),
    [],
  );
  assert.deepEqual(
    [...answered].filter((id) => leftOut.has(id)),
    [],
  );
});

test('a case answers each behaviour by an expectation of its own', () => {
  const expectations = answers.map(({ expectation }) => expectation);
  assert.deepEqual(
    expectations.filter((one, place) => expectations.indexOf(one) !== place),
    [],
  );
});

test('what answers a behaviour is seen to fail by some fault, where the matrix can ask it', () => {
  const killed = new Set(faults.flatMap(({ kills }) => kills));
  const proofs = knownProofs();
  const unseen = answers.filter(({ expectation }) => !killed.has(expectation));
  const reachable = unseen.filter(({ caseId }) => {
    const state = proofs.get(caseId)?.state;
    return state !== undefined && state !== 'unreachable-here';
  });
  assert.deepEqual(reachable, []);
  // Of the others at least the key must be one that some suite asks by.
  const folder = new URL('.', import.meta.url);
  const suites = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const text = suites.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  assert.deepEqual(
    unseen.filter(({ key }) => !text.includes(`'${key}'`)),
    [],
  );
});

test('the workloads exist that measure what critest benchmarks', async () => {
  const known = new Set((await loadWorkloads()).map(({ declaration }) => declaration.id));
  const named = outOfScope.flatMap(({ reason }) =>
    [...reason.matchAll(/workload ([a-z-]+)/g)].map(([, id]) => id ?? ''),
  );
  assert.ok(named.length >= 5);
  assert.deepEqual(
    named.filter((id) => !known.has(id)),
    [],
  );
});
