import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CriError } from '../cri/error.ts';
import { Recorder } from './recorder.ts';

const site = { rpc: 'StartContainer', endpoint: 'unix:///x.sock' };

test('errors of one operation with one code are one entry, which keeps the first message', () => {
  const recorder = new Recorder(['StartContainer']);
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
  const recorder = new Recorder(['PodReady', 'StartContainer']);
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
  const recorder = new Recorder(['RunPodSandbox']);
  recorder.brokeOff(new Error('set-up', { cause: new CriError('NotFound', 'no image', site) }));
  assert.deepEqual(
    recorder.errors.map(({ operation, code }) => [operation, code]),
    [['between operations', 'NotFound']],
  );
});

test('an operation that is not declared is a defect of the workload', () => {
  assert.throws(() => {
    new Recorder(['X']).succeeded('Y', 1);
  }, /times 'Y' but does not declare it/);
});

test('a credential in an error’s text does not get into the result', () => {
  const recorder = new Recorder(['X']);
  recorder.failed('X', new Error('cannot pull from https://user:hunter22@registry.example/x'));
  assert.doesNotMatch(recorder.errors[0]?.message ?? '', /hunter22/);
});
