import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { afterEach, describe, test } from 'node:test';
import { openPortForward } from './port-forward.ts';
import { StreamError } from './stream-error.ts';
import { frame, serveStreams, type TestClient, type TestServer } from './testing.ts';

const servers: TestServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serving(stream: (client: TestClient) => void): Promise<TestServer['url']> {
  const server = await serveStreams({ stream });
  servers.push(server);
  return server.url;
}

function named(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

describe('a port-forward', { timeout: 10_000 }, () => {
  test('carries each port and its errors on channels of their own', async () => {
    const url = await serving((client) => {
      for (const [index, port] of [8080, 9].entries()) {
        client.send(frame(index * 2, named(port)));
        client.send(frame(index * 2 + 1, named(port)));
      }
      client.send(frame(3, 'connection refused'));
      client.on('message', (data: Buffer) => {
        client.send(data);
        client.close(1000);
      });
    });
    const forward = await openPortForward(url, [8080, 9]);
    const [open, closed] = forward.ports;
    assert.ok(open && closed);
    open.toPod.write('ping');
    assert.deepEqual(
      await Promise.all([open.fromPod, open.error, closed.fromPod, closed.error].map((readable) => text(readable))),
      ['ping', '', '', 'connection refused'],
    );
    assert.deepEqual(await forward.ended, { kind: 'closed', code: 1000, reason: '' });
    assert.match(forward.traffic.lines().join('\n'), /received error of port 9: 20 bytes in 2 frames/);
  });

  test('is not opened when a channel names another port, or none', async () => {
    const swapped = await serving((client) => {
      client.send(frame(0, named(9)));
      client.send(frame(1, named(8080)));
    });
    await assert.rejects(
      openPortForward(swapped, [8080]),
      (error) => error instanceof StreamError && /data channel of port 8080 says .* 9$/.test(error.message),
    );
    const silent = await serving(() => undefined);
    await assert.rejects(
      openPortForward(silent, [8080], { openTimeoutMs: 100 }),
      (error) => error instanceof StreamError && error.kind === 'deadline',
    );
    const leaving = await serving((client) => {
      client.close(1000);
    });
    await assert.rejects(
      openPortForward(leaving, [8080]),
      (error) => error instanceof StreamError && error.message.includes('before it named its port'),
    );
  });
});
