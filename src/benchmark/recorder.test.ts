import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { CriError } from '../cri/error.ts';
import { Recorder } from './recorder.ts';

const site = { rpc: 'StartContainer', endpoint: 'unix:///x.sock' };

test('errors of one operation with one code are one entry, which keeps the first message', () => {
  const recorder = new Recorder(['StartContainer'], 'closed');
  recorder.failed('StartContainer', new CriError('Unknown', 'no such file a', site));
  recorder.failed('StartContainer', new CriError('Unknown', 'no such file b', site));
  recorder.failed('StartContainer', new CriError('Internal', 'c', site));
  assert.deepEqual(
    recorder.errors.map(({ operation, code, count }) => [operation, code, count]),
    [
      ['StartContainer', 'Unknown', 2],
      ['StartContainer', 'Internal', 1],
    ],
  );
  assert.match(recorder.errors[0]?.message ?? '', /no such file a/);
});

test('an error under two clocks fails both operations and is told once, by the inner one', () => {
  const recorder = new Recorder(['PodReady', 'StartContainer'], 'closed');
  const error = new CriError('Unknown', 'no', site);
  recorder.failed('StartContainer', error);
  recorder.failed('PodReady', error);
  recorder.brokeOff(error);
  assert.deepEqual(
    recorder.operations.map(({ failures }) => failures),
    [1, 1],
  );
  assert.deepEqual(
    recorder.errors.map(({ operation, count }) => [operation, count]),
    [['StartContainer', 1]],
  );
});

test('an error under no clock is told by the code of the call that it comes from', () => {
  const recorder = new Recorder(['RunPodSandbox'], 'closed');
  recorder.brokeOff(new Error('set-up', { cause: new CriError('NotFound', 'no image', site) }));
  assert.deepEqual(
    recorder.errors.map(({ operation, code }) => [operation, code]),
    [['between operations', 'NotFound']],
  );
});

test('an operation that is not declared is a defect of the workload', () => {
  assert.throws(() => {
    new Recorder(['X'], 'closed').succeeded('Y', 1);
  }, /times 'Y' but does not declare it/);
});

test('a credential in an error’s text does not get into the result', () => {
  const recorder = new Recorder(['X'], 'closed');
  recorder.failed('X', new Error('cannot pull from https://user:hunter22@registry.example/x'));
  assert.doesNotMatch(recorder.errors[0]?.message ?? '', /hunter22/);
});

test('under an open load the delay of the start is in the latency and not in the service time', () => {
  const recorder = new Recorder(['X'], 'open');
  recorder.succeeded('X', 1000, 500);
  const [round] = recorder.operations;
  const of = (histogram: string | undefined) => decodeFromCompressedBase64(histogram ?? '').maxValue;
  assert.deepEqual([of(round?.histogram), of(round?.serviceHistogram)], [1500, 1000]);
  assert.equal(new Recorder(['X'], 'closed').operations[0]?.serviceHistogram, undefined);
});

test('a million samples cost little time and next to no memory', () => {
  const recorder = new Recorder(['X'], 'open');
  const before = process.memoryUsage();
  const cpu = process.cpuUsage();
  for (let sample = 0; sample < 1e6; sample++)
    recorder.succeeded('X', 50_000 + ((sample * 7919) % 10_000_000), sample % 1000);
  const { user, system } = process.cpuUsage(cpu);
  const nsASample = ((user + system) * 1000) / 2e6;
  const after = process.memoryUsage();
  const addedMb = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20;
  assert.ok(addedMb < 20, `${addedMb.toFixed(1)} MB`);
  // By CPU time, since a busy machine gives a process only part of the clock's; each sample goes into two histograms.
  assert.ok(nsASample < 300, `${nsASample.toFixed(0)} ns a sample`);
});
