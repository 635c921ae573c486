import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readProcessEnd } from './process-end.ts';

describe('the status at the end of a process stream', () => {
  test('says success', () => {
    assert.deepEqual(readProcessEnd('{"metadata":{},"status":"Success"}'), { kind: 'success' });
  });

  test('says an exit code', () => {
    const causes = [{ reason: 'ExitCode', message: '37' }];
    const status = { status: 'Failure', message: 'm', reason: 'NonZeroExitCode', details: { causes } };
    assert.deepEqual(readProcessEnd(JSON.stringify(status)), { kind: 'exit-code', exitCode: 37, message: 'm' });
  });

  test('says another failure', () => {
    const status = { status: 'Failure', message: 'no such file', reason: 'InternalError' };
    const end = { kind: 'failure', reason: 'InternalError', message: 'no such file' };
    assert.deepEqual(readProcessEnd(JSON.stringify(status)), end);
    assert.deepEqual(readProcessEnd('{"status":"Failure"}'), { kind: 'failure', reason: '', message: '' });
  });

  test('is kept as it is when it is none', () => {
    const nonZero = { status: 'Failure', reason: 'NonZeroExitCode' };
    for (const status of [
      {},
      { status: 1 },
      nonZero,
      { ...nonZero, details: { causes: 'x' } },
      { ...nonZero, details: { causes: [null, { reason: 'ExitCode', message: '-1' }] } },
    ]) {
      const text = JSON.stringify(status);
      assert.deepEqual(readProcessEnd(text), { kind: 'unreadable', text });
    }
    for (const text of ['', 'null', 'command terminated', '"Success"', '[]']) {
      assert.deepEqual(readProcessEnd(text), { kind: 'unreadable', text });
    }
  });
});
