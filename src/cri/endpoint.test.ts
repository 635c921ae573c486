import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/error.ts';
import { grpcTarget, parseEndpoint, wellKnownEndpoints } from './endpoint.ts';

test('every spelling of a unix socket means the same', () => {
  for (const text of ['unix:///run/a.sock', 'unix:/run/a.sock', '/run/a.sock']) {
    const endpoint = parseEndpoint(text);
    assert.deepEqual(endpoint, { text: 'unix:///run/a.sock', socket: { path: '/run/a.sock' } });
    assert.equal(grpcTarget(endpoint), 'unix:/run/a.sock');
  }
});

test('tcp takes a name, an IPv4 and a bracketed IPv6 address', () => {
  assert.deepEqual(parseEndpoint('tcp://node-1:10010').socket, { host: 'node-1', port: 10010 });
  assert.equal(grpcTarget(parseEndpoint('tcp://[::1]:80')), 'dns:[::1]:80');
});

test('anything else is refused, naming the forms', () => {
  const wrong = [
    '',
    'run/a.sock',
    'unix://run/a.sock',
    'unix://',
    '//run/a.sock',
    'http://a:1',
    'tcp://a',
    'tcp://a:99999',
  ];
  for (const text of [...wrong, 'tcp://[nonsense]:1', 'tcp://a:b', 'npipe:////./pipe/containerd']) {
    assert.throws(() => parseEndpoint(text), UsageError, text);
  }
});

test('a socket path that the kernel would cut is refused', () => {
  assert.equal(parseEndpoint(`/${'a'.repeat(106)}`).text.length, 'unix://'.length + 107);
  assert.throws(() => parseEndpoint(`/${'a'.repeat(107)}`), /longer than 107 bytes/);
});

test('well-known endpoints are endpoints', () => {
  for (const known of wellKnownEndpoints) assert.equal(parseEndpoint(known).text, known);
});
