import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { spdyHandshake } from './spdy-handshake.ts';
import { StreamError } from './stream-error.ts';
import { serveStreams } from './testing.ts';

describe('the SPDY handshake', { timeout: 10_000 }, () => {
  test('asks as kubectl does, and answers with what the server chose', async () => {
    let asked: IncomingMessage | undefined;
    const server = await serveStreams({
      upgrade: (request, socket) => {
        asked = request;
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n',
        );
      },
    });
    const { httpStatus, headers } = await spdyHandshake(server.url);
    server.close();
    assert.equal(httpStatus, 101);
    assert.equal(headers['x-stream-protocol-version'], 'v4.channel.k8s.io');
    assert.equal(asked?.method, 'POST');
    assert.equal(asked.headers.upgrade, 'SPDY/3.1');
    assert.equal(asked.headers['x-stream-protocol-version'], 'v4.channel.k8s.io');
  });

  test('tells a refusal from silence', async () => {
    const refusing = await serveStreams({ upgrade: (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n') });
    assert.equal((await spdyHandshake(refusing.url)).httpStatus, 403);
    refusing.close();
    const silent = await serveStreams({ upgrade: () => undefined });
    await assert.rejects(
      spdyHandshake(silent.url, 'portforward.k8s.io', { openTimeoutMs: 100 }),
      (error) => error instanceof StreamError && error.kind === 'deadline' && !error.message.includes('s3cret'),
    );
    silent.close();
    await assert.rejects(
      spdyHandshake(silent.url),
      (error) => error instanceof StreamError && error.kind === 'unreachable',
    );
  });
});
