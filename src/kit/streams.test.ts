import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, type CriClient } from '../cri/client.ts';
import { CriError } from '../cri/error.ts';
import { serve, type CriServer } from '../cri/server.ts';
import { frame, serveStreams, type TestClient } from '../streaming/testing.ts';
import type { CaseContext } from './case.ts';
import { Expect, ExpectationFailed } from './expect.ts';
import { withStreams, type Streams } from './streams.ts';

interface Runtime {
  readonly cri: CriClient;
  readonly server: CriServer;
  readonly clients: readonly TestClient[];
}

/** A body with streams of a runtime whose Exec leads to `stream`, or to `url`. */
async function asked(
  body: (streams: Streams, runtime: Runtime) => Promise<void>,
  { stream = () => undefined, url }: { readonly stream?: (client: TestClient) => void; readonly url?: string } = {},
): Promise<void> {
  const clients: TestClient[] = [];
  const streaming = await serveStreams({
    stream: (client) => {
      clients.push(client);
      stream(client);
    },
  });
  const answer = { url: url ?? streaming.url.secret.href };
  const server = await serve('tcp://127.0.0.1:0', {
    runtime: { version: () => Promise.resolve({ runtimeName: 'test' }), exec: () => Promise.resolve(answer) },
  });
  const cri = await connect(server.endpoint);
  const { signal } = new AbortController();
  // A body here takes nothing else of what a case is given.
  const context = { cri, expect: new Expect(signal), signal } as unknown as CaseContext;
  try {
    await withStreams((_, streams) => body(streams, { cri, server, clients }))(context);
  } finally {
    cri.close();
    server.close();
    streaming.close();
  }
}

const request = { containerId: 'c', cmd: ['true'], stdout: true };

describe('the streams of a case', { timeout: 20_000 }, () => {
  test('put what went over them into the evidence of a failure', async () => {
    const failing = asked(
      async (streams) => {
        const exec = await streams.exec(request);
        await exec.send('in');
        await streams.ended(exec);
        assert.equal(exec.stdout.text, 'got in');
        throw new ExpectationFailed('key', 'message', { expected: 1, actual: 2, evidence: ['a line'] });
      },
      {
        stream: (client) =>
          client.on('message', (data: Buffer) => {
            client.send(frame(1, `got ${data.toString('utf8', 1)}`));
            client.close(1000);
          }),
      },
    );
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof ExpectationFailed);
      const [first, ...rest] = error.evidence;
      assert.deepEqual([error.key, error.expected, error.actual, first], ['key', 1, 2, 'a line']);
      assert.match(rest.join('\n'), /^exec \(v4\.channel\.k8s\.io\): sent stdin: 2 bytes in 1 frame, .*begins "in"$/m);
      assert.match(rest.join('\n'), /received stdout: 6 bytes in 1 frame, sha256 [0-9a-f]{64}, begins "got in"$/m);
      return true;
    });
  });

  test('that do not open fail the case, with what was answered', async () => {
    const refused = asked(
      async (streams) => {
        await streams.exec(request, 'run');
      },
      { url: 'nonsense' },
    );
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof ExpectationFailed);
      assert.equal(error.key, 'run-stream');
      assert.match(JSON.stringify(error.actual), /malformed-url/);
      return true;
    });
  });

  test('that stay open too long fail the case', async () => {
    const staying = asked(async (streams) => {
      await streams.ended(await streams.exec(request), 'ends', 50);
    });
    await assert.rejects(staying, (error) => error instanceof ExpectationFailed && error.key === 'ends');
  });

  test('of a runtime that died say nothing about its promises', async () => {
    const dying = asked(async (streams, { server, clients }) => {
      const exec = await streams.exec(request);
      server.die();
      for (const client of clients) client.terminate();
      await streams.ended(exec);
    });
    await assert.rejects(dying, (error) => error instanceof CriError && error.code === 'Unavailable');
  });

  test('end with the case', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    await asked(
      async (streams) => {
        await streams.exec(request);
      },
      {
        stream: (client) => {
          closed = new Promise((resolve) => client.once('close', resolve));
        },
      },
    );
    await closed;
  });
});
