import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CaseResult } from '../src/model/case.ts';
import { resultSchema, type Result } from '../src/model/result.ts';
import type { Target } from '../src/model/target.ts';
import { banners, runSentences } from './run-verdict.ts';
import { targetVerdicts } from './target-verdict.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));

/** A run of one target whose cases are those of the golden result that the filter lets through. */
function run(keeps: (entry: CaseResult) => boolean, target: Partial<Target> = {}, more: Partial<Result> = {}): Result {
  const [first] = golden.targets;
  assert.ok(first);
  const only = { ...first, ...target };
  const cases = golden.cases.filter(keeps).map((entry) => ({ ...entry, target: only.name }));
  return { ...golden, targets: [only], cases, workloads: [], comparisons: [], gates: [], warnings: [], ...more };
}
const headline = (result: Result) => targetVerdicts(result)[0]?.headline;
const passes = (entry: CaseResult) => entry.outcome.status === 'passed' && entry.verdict === 'as-expected';
const knownFails = (entry: CaseResult) => entry.outcome.status === 'failed' && entry.verdict === 'as-expected';

test('sums a target up in one line', () => {
  assert.equal(headline(run(passes)), 'Kept every promise it was asked about');
  assert.equal(headline(run((entry) => passes(entry) || knownFails(entry))), 'As expected, with 3 known deviations');
  assert.equal(headline(run((entry) => entry.verdict === 'unexpected-pass')), '1 unexpected outcome');
  assert.equal(
    headline(run((entry) => passes(entry) || entry.outcome.status === 'not-run')),
    'As expected so far, 2 cases not run',
  );
  assert.equal(headline(run((entry) => entry.flaky === true)), 'Not all promises were kept');
  assert.equal(headline(run(passes, { state: 'died' })), 'Died during the run');
  assert.equal(headline(run(() => false, { state: 'unreachable' })), 'Could not be reached');
  assert.equal(headline(run(() => false)), 'Nothing is known');
  assert.equal(headline(run(() => false, {}, { workloads: golden.workloads })), 'Measured, not judged');
});

test('lets a readiness verdict lead, except over a dead runtime', () => {
  const readiness = (verdict: 'ready' | 'ready-with-caveats' | 'not-ready') => ({
    readiness: [
      {
        target: golden.targets[0]?.name ?? '',
        purpose: 'kubernetes-1.34',
        verdict,
        reasons: [{ requirement: 'speed', finding: 'caveat' as const, text: 'it is slow', caseIds: [] }],
      },
    ],
  });
  assert.equal(headline(run(passes, {}, readiness('ready'))), 'Ready for Kubernetes 1.34');
  assert.equal(headline(run(passes, {}, readiness('ready-with-caveats'))), 'Ready, with caveats, for Kubernetes 1.34');
  assert.equal(headline(run(passes, {}, readiness('not-ready'))), 'Not ready for Kubernetes 1.34');
  assert.equal(headline(run(passes, { state: 'died' }, readiness('ready'))), 'Died during the run');
});

test('says how many promises were kept, and of those that a kubelet relies on', () => {
  const [verdict] = targetVerdicts(golden);
  assert.ok(
    verdict?.sentences.includes(
      'It kept 24 of 27 promises that it was asked about, and 16 of the 18 that the kubelet relies on.',
    ),
  );
});

test('counts the promises of a target that kept them all', () => {
  const [verdict] = targetVerdicts(run(passes));
  assert.ok(
    verdict?.sentences.some((sentence) =>
      /^It kept all \d+ promises that it was asked about; the kubelet relies on \d+ of them\.$/.test(sentence),
    ),
  );
});

test('gives a simulator no verdict', () => {
  const warnings = [{ kind: 'simulator-instead-of-runtime' as const, message: 'No root here.' }];
  assert.equal(headline(run(passes, {}, { warnings })), 'The simulator answered, not a runtime');
});

test('says of a target that a fault was put before it', () => {
  const faulty = run(passes, { spec: 'slow=fault:delay(StartContainer,20%)@lab:containerd/runc' });
  assert.match(targetVerdicts(faulty)[0]?.sentences[0] ?? '', /^A fault was put before it on purpose, fault:delay/);
  const whole = { ...faulty, run: { ...golden.run, complete: true } };
  assert.equal(banners(whole)[0]?.title, 'A fault is on');
});

test('names three cases and counts the rest', () => {
  const all = run((entry) => entry.outcome.status === 'passed', {}, {});
  const broken = all.cases.map((entry) => ({ ...entry, verdict: 'unexpected-pass' as const }));
  const sentences = targetVerdicts({ ...all, cases: broken })[0]?.sentences ?? [];
  assert.ok(sentences.some((sentence) => sentence.endsWith(` and ${String(broken.length - 3)} more.`)));
});

test('warns first of a simulator and of an incomplete run', () => {
  const simulated = { kind: 'simulator-instead-of-runtime' as const, message: 'No root here.' };
  const whole = { ...golden, run: { ...golden.run, complete: true }, warnings: [simulated] };
  assert.deepEqual(banners(whole), [
    { title: 'This is the simulator, not a container runtime', text: 'No root here.' },
  ]);
  assert.equal(banners(golden)[0]?.title, 'This run is not complete');
  assert.deepEqual(banners({ ...whole, warnings: [] }), []);
});

test('does not compare a target with nothing', () => {
  assert.deepEqual(runSentences(run(passes)), []);
});
