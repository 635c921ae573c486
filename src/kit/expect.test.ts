import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CriError } from '../cri/error.ts';
import { Expect, ExpectationFailed } from './expect.ts';

const site = { rpc: 'StopContainer', endpoint: 'unix:///x.sock' };
const notFound = new CriError('NotFound', 'no such container', site);

function failure(check: () => unknown): ExpectationFailed {
  try {
    check();
  } catch (error) {
    assert.ok(error instanceof ExpectationFailed);
    return error;
  }
  return assert.fail('nothing was thrown');
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('nothing was thrown'),
    (error: unknown) => error,
  );
}

describe('Expect', () => {
  const expect = new Expect(new AbortController().signal);

  it('compares deeply and strictly, and says what it saw under which key', () => {
    expect.equal('same', { a: [1n] }, { a: [1n] }, 'alike');
    const { key, expected, actual, message } = failure(() => {
      expect.equal('labels', { a: '1' }, { a: '2' }, 'the labels');
    });
    assert.deepEqual(
      { key, expected, actual, message },
      { key: 'labels', expected: { a: '2' }, actual: { a: '1' }, message: 'the labels' },
    );
    assert.equal(
      failure(() => {
        expect.equal<unknown>('types', 1, 1n, 'a number is no int64');
      }).key,
      'types',
    );
  });

  it('turns an error of the runtime into a verdict, and no other error', async () => {
    const failed = await rejection(expect.succeeds('stop', Promise.reject(notFound), 'stops'));
    assert.ok(failed instanceof ExpectationFailed);
    assert.deepEqual(failed.actual, { code: 'NotFound', message: 'no such container' });
    const defect = new TypeError('a defect of the case');
    assert.equal(await rejection(expect.succeeds('stop', Promise.reject(defect), 'stops')), defect);
  });

  it('wants a refusal, and the right one', async () => {
    assert.equal(await expect.fails('refused', Promise.reject(notFound), 'refuses', ['NotFound']), notFound);
    assert.equal(await expect.fails('refused', Promise.reject(notFound), 'refuses'), notFound);
    assert.ok(
      (await rejection(expect.fails('code', Promise.reject(notFound), 'refuses', ['InvalidArgument']))) instanceof
        ExpectationFailed,
    );
    assert.ok((await rejection(expect.fails('accepted', Promise.resolve({}), 'refuses'))) instanceof ExpectationFailed);
  });

  it('takes an RPC that does not exist for no refusal, and a server that is gone for no answer', async () => {
    const absent = new CriError('Unimplemented', 'unknown method', site);
    const gone = new CriError('Unavailable', 'connection refused', site);
    assert.ok(
      (await rejection(expect.fails('absent', Promise.reject(absent), 'refuses'))) instanceof ExpectationFailed,
    );
    assert.equal(await rejection(expect.fails('gone', Promise.reject(gone), 'refuses', ['NotFound'])), gone);
  });

  it('says nothing about the runtime once the time is up', async () => {
    const late = new Expect(AbortSignal.abort());
    assert.equal(await rejection(late.succeeds('stop', Promise.reject(notFound), 'stops')), notFound);
  });

  it('looks until a state is reached, and fails with the last one that it saw', async () => {
    let looks = 0;
    const look = (): Promise<number> => Promise.resolve(++looks);
    assert.equal(
      await expect.eventually('third', look, (n) => n === 3, 'reaches 3', { expected: 3, withinMs: 1000 }),
      3,
    );
    const failed = await rejection(
      expect.eventually(
        'never',
        () => Promise.resolve('CREATED'),
        () => false,
        'runs',
        { expected: 'RUNNING', withinMs: 30 },
      ),
    );
    assert.ok(failed instanceof ExpectationFailed);
    assert.equal(failed.actual, 'CREATED');
  });
});
