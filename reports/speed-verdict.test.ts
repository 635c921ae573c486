import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Comparison } from '../src/model/comparison.ts';
import { resultSchema, type Result } from '../src/model/result.ts';
import { comparisonGroups, factorsBetween, floorGroups, floorReach } from './comparison-groups.ts';
import { comparisonSentence } from './comparison-words.ts';
import { markFaults } from './marked-faults.ts';
import { speedVerdicts } from './speed-verdict.ts';

const read = (file: string): Result =>
  resultSchema.parse(JSON.parse(readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8')));
const golden = read('result.json');
const benchmark = read('bench/result.json');
const sentencesOf = (result: Result) => speedVerdicts(result).flatMap(({ sentences }) => sentences);

const comparison: Comparison = {
  workload: 'exec-sync',
  load: { model: 'closed', concurrency: 4 },
  operation: 'ExecSync',
  metric: 'p50',
  unit: 'ns',
  better: 'lower',
  primary: true,
  base: 'a',
  candidate: 'b',
  ratio: 0.78,
  low: 0.74,
  high: 0.83,
  confidence: 0.99789,
  threshold: 0.025,
  margin: 0.1,
  pairs: 20,
  verdict: 'faster',
};

test('says a verdict with all that it rests on', () => {
  assert.equal(
    comparisonSentence(comparison),
    'exec-sync, 4 in flight: b is faster than a (median of ExecSync: 0.780 times, 99.78 % interval 0.740 to 0.830, 20 rounds measured on both, noise threshold 2.5 %).',
  );
  assert.match(
    comparisonSentence({ ...comparison, verdict: 'same' }),
    /: b is the same as a, a difference of 10 % is ruled out \(/,
  );
  assert.match(
    comparisonSentence({ ...comparison, verdict: 'inconclusive', reason: 'about 30 rounds would decide' }),
    /: inconclusive for b and a \(.*\): about 30 rounds would decide\.$/,
  );
});

test('calls neither memory nor CPU fast', () => {
  const memory = { ...comparison, operation: 'MonitorMemoryPerPod', metric: 'value', unit: 'bytes' };
  assert.match(comparisonSentence(memory), /: b is better than a \(MonitorMemoryPerPod: /);
  const rate = { ...memory, unit: 'bytes/s', better: 'higher' as const, verdict: 'slower' as const };
  assert.match(comparisonSentence(rate), /: b is slower than a \(MonitorMemoryPerPod, higher is better: /);
});

test('has one sentence for each primary comparison, and calls nothing faster by itself', () => {
  for (const result of [golden, benchmark]) {
    const sentences = sentencesOf(result);
    for (const primary of result.comparisons.filter((one) => one.primary && one.floor === undefined)) {
      assert.equal(sentences.filter((sentence) => sentence === comparisonSentence(primary)).length, 1);
    }
    assert.ok(
      sentencesOf({ ...result, comparisons: [] }).every(
        (sentence) => !/ is (faster|slower|better|worse) /.test(sentence),
      ),
    );
  }
  assert.ok(
    sentencesOf({ ...golden, comparisons: [] }).some((sentence) => sentence.includes('plain figures of this run')),
  );
});

test('keeps what is compared with itself out of the pairs, the same daemon first', () => {
  assert.deepEqual(
    comparisonGroups(benchmark).map(({ candidate }) => candidate),
    ['crio', 'slow'],
  );
  assert.deepEqual(
    floorGroups(benchmark).map(({ candidate, floor }) => [candidate, floor]),
    [
      ['again', 'same-daemon'],
      ['second', 'two-daemons'],
    ],
  );
  assert.equal(floorReach({ ...comparison, low: 0.8, high: 1.1 }), 0.25);
  assert.equal(floorReach({ ...comparison, low: null, high: null }), null);
});

test('says when the same runtime was told apart from itself', () => {
  const alarmed = benchmark.comparisons.map((one) =>
    one.floor === 'same-daemon' && one.workload === 'exec-sync' ? { ...one, verdict: 'slower' as const } : one,
  );
  const told = sentencesOf({ ...benchmark, comparisons: alarmed });
  assert.ok(told.some((sentence) => sentence.includes('Told apart although they are the same: median of ExecSync')));
  assert.ok(sentencesOf(benchmark).every((sentence) => !sentence.includes('Told apart')));
});

test('names what else two targets differ in, a fault first', () => {
  const between = (candidate: string) => factorsBetween(benchmark, { base: 'containerd', candidate });
  assert.deepEqual(between('crio'), [
    { factor: 'cni', a: 'bridge + portmap', b: 'bridge' },
    { factor: 'runc (program)', a: '1.1.5', b: '1.1.12' },
  ]);
  assert.deepEqual(between('slow'), [{ factor: 'fault', a: 'none', b: 'fault:delay(StartContainer,20%)' }]);
  assert.equal(between('of another run'), undefined);
  assert.ok(
    sentencesOf(benchmark).some((sentence) => sentence.includes('these also differ in cni (bridge + portmap on')),
  );
});

test('marks a target with a fault wherever it is named, and no other', () => {
  const marked = markFaults(benchmark);
  const name = 'slow (a fault is on)';
  assert.deepEqual(
    marked.targets.map((target) => target.name),
    ['containerd', 'crio', 'again', 'second', name],
  );
  assert.ok(marked.workloads.some(({ target }) => target === name));
  assert.ok(marked.comparisons.some(({ candidate }) => candidate === name));
  assert.doesNotMatch(JSON.stringify(marked), /"slow"/);
  assert.equal(markFaults(golden), golden);
});
