import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { StreamError } from './stream-error.ts';
import { StreamUrl } from './stream-url.ts';

const socket = 'unix:///run/containerd/containerd.sock';

describe('a stream’s URL', () => {
  for (const [text, endpoint, connectsTo] of [
    ['http://127.0.0.1:4000/exec/abc', socket, 'http://127.0.0.1:4000/exec/abc'],
    ['https://10.0.0.7:10010/exec/abc', socket, 'https://10.0.0.7:10010/exec/abc'],
    ['http://[fd00::7]:4000/exec/abc', socket, 'http://[fd00::7]:4000/exec/abc'],
    ['//127.0.0.1:4000/cri/exec/abc', socket, 'http://127.0.0.1:4000/cri/exec/abc'],
    ['http://:4000/exec/abc', socket, 'http://localhost:4000/exec/abc'],
    ['http://0.0.0.0:4000/exec/abc', socket, 'http://127.0.0.1:4000/exec/abc'],
    ['http://[::]:4000/exec/abc', socket, 'http://localhost:4000/exec/abc'],
    ['http://0.0.0.0:4000/exec/abc', 'tcp://node-7:9000', 'http://node-7:4000/exec/abc'],
    ['http://[::]:4000/exec/abc', 'tcp://[fd00::7]:9000', 'http://[fd00::7]:4000/exec/abc'],
  ] as const) {
    test(`${text} of ${endpoint} is ${connectsTo}`, () => {
      assert.equal(StreamUrl.read(text, endpoint).secret.href, connectsTo);
    });
  }

  test('that is none is refused', () => {
    for (const text of [
      '',
      'exec/abc',
      '/exec/abc',
      'ftp://x/exec/abc',
      'http://a b/exec',
      'http://h:99999/exec/abc',
    ]) {
      assert.throws(
        () => StreamUrl.read(text, socket),
        (error) => error instanceof StreamError && error.kind === 'malformed-url' && error.message.includes(socket),
        text,
      );
    }
  });

  test('keeps its token to itself', () => {
    const url = StreamUrl.read('http://127.0.0.1:4000/exec/s3cret?x=s3cret', socket);
    assert.equal(url.shown, 'http://127.0.0.1:4000/exec/[removed]');
    assert.doesNotMatch(JSON.stringify(url) + inspect(url) + url.form, /s3cret/);
    assert.throws(
      () => StreamUrl.read('http://127.0.0.1:99999/exec/s3cret', socket),
      (error) => error instanceof StreamError && !error.message.includes('s3cret'),
    );
  });

  test('has a form without what is by chance', () => {
    assert.equal(StreamUrl.read('http://127.0.0.1:4000/exec/abc', socket).form, 'http://127.0.0.1:PORT/exec/TOKEN');
    assert.equal(StreamUrl.read('http://[::]:4000/cri/exec/abc', socket).form, 'http://[::]:PORT/cri/exec/TOKEN');
  });
});
