import assert from 'node:assert/strict';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, test } from 'node:test';
import { openProcessStream } from './process-stream.ts';
import { StreamError, type StreamProblem } from './stream-error.ts';
import { StreamUrl } from './stream-url.ts';
import { frame, serveStreams, type TestServer } from './testing.ts';

const servers: TestServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serving(...behaviour: Parameters<typeof serveStreams>): Promise<StreamUrl> {
  const server = await serveStreams(...behaviour);
  servers.push(server);
  return server.url;
}

const success = '{"metadata":{},"status":"Success"}';

function refusedAs(kind: StreamProblem): (error: unknown) => boolean {
  return (error) => error instanceof StreamError && error.kind === kind && !error.message.includes('s3cret');
}

describe('a process stream', { timeout: 20_000 }, () => {
  test('carries channels apart from each other, and the status at the end', async () => {
    const url = await serving({
      stream: (client) => {
        for (const message of [frame(1, ''), frame(1, 'out'), frame(2, 'err'), frame(1, '\0\xff\n'), frame(3, success)])
          client.send(message);
        client.close(1000);
      },
    });
    const stream = await openProcessStream(url);
    assert.deepEqual([await text(stream.stdout), await text(stream.stderr)], ['out\0\xff\n', 'err']);
    assert.deepEqual(await stream.ended, { kind: 'success' });
    assert.match(
      stream.traffic.lines().join('\n'),
      /received stdout: 7 bytes in 3 frames.*\n.*stderr: 3 bytes in 1 frame,/,
    );
  });

  test('sends input and sizes; the end of the input only where the protocol has a word for it', async () => {
    for (const protocol of ['v4.channel.k8s.io', 'v5.channel.k8s.io']) {
      const seen: string[] = [];
      const url = await serving({
        protocol,
        stream: (client) =>
          client.on('message', (data: Buffer) => {
            seen.push(data.toString('latin1'));
          }),
      });
      const stream = await openProcessStream(url);
      assert.equal(stream.protocol, protocol);
      await stream.resize({ columns: 91, rows: 37 });
      stream.stdin.write('in');
      const ended = await new Promise((resolve) => stream.stdin.end(resolve));
      assert.equal(stream.endsInput, protocol.startsWith('v5'));
      assert.equal(ended instanceof StreamError, !stream.endsInput);
      stream.close();
      assert.deepEqual(await stream.ended, { kind: 'left' });
      const expected = ['\x04{"Width":91,"Height":37}', '\0in', ...(stream.endsInput ? ['\xff\0'] : [])];
      assert.deepEqual(seen, expected);
    }
  });

  test('holds the server up while nobody reads', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    let unsentBytes = (): number => 0;
    const url = await serving({
      stream: (client) => {
        unsentBytes = () => client.bufferedAmount;
        for (let index = 0; index < 64; index += 1) client.send(frame(1, mebibyte));
        client.send(frame(3, success));
      },
    });
    const stream = await openProcessStream(url);
    await sleep(300);
    const heldUp = unsentBytes();
    assert.ok(heldUp > 32 * mebibyte.length, `the server has sent all but ${String(heldUp)} bytes`);
    assert.equal((await buffer(stream.stdout)).length, 64 * mebibyte.length);
    assert.deepEqual(await stream.ended, { kind: 'success' });
  });

  test('is held up by a server that does not read, and ends by its signal', async () => {
    const url = await serving({
      stream: (client) => {
        client.pause();
      },
    });
    const over = new AbortController();
    const stream = await openProcessStream(url, { signal: over.signal });
    const written = new Promise((resolve) => stream.stdin.write(Buffer.alloc(64 * 1024 * 1024), resolve));
    assert.equal(await Promise.race([written, sleep(300, 'waits')]), 'waits');
    over.abort();
    assert.ok((await written) instanceof Error);
    const end = await stream.ended;
    assert.ok(end.kind === 'lost' && end.why.includes('ended by the caller'), JSON.stringify(end));
  });

  test('tells a server that leaves from one that says how it ended', async () => {
    const leaving = await serving({
      stream: (client) => {
        client.send(frame(1, 'half'));
        client.close(1000);
      },
    });
    const left = await openProcessStream(leaving);
    assert.equal(await text(left.stdout), 'half');
    assert.equal((await left.ended).kind, 'lost');

    const dying = await serving({
      stream: (client) => {
        client.terminate();
      },
    });
    const lost = await openProcessStream(dying);
    const end = await lost.ended;
    assert.ok(end.kind === 'lost' && end.why.includes('without a closing frame'), JSON.stringify(end));
    await assert.rejects(lost.resize({ columns: 1, rows: 1 }), refusedAs('lost'));
  });

  test('ends after a status although the server stays', async () => {
    const url = await serving({
      stream: (client) => {
        client.send(frame(3, success));
      },
    });
    assert.deepEqual(await (await openProcessStream(url)).ended, { kind: 'success' });
  });

  test('ends when the server breaks the protocol', async () => {
    for (const message of ['text', frame(9, 'x'), Buffer.alloc(0)]) {
      const url = await serving({
        stream: (client) => {
          client.send(message);
        },
      });
      const end = await (await openProcessStream(url)).ended;
      assert.ok(end.kind === 'lost' && /text message|channel 9|without a channel/.test(end.why), JSON.stringify(end));
    }
  });

  test('is not opened where there is none', async () => {
    const refusing = await serving({
      answer: (_, response) => response.writeHead(404).end('page not found\n'),
      upgrade: (_, socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 15\r\n\r\npage not found\n'),
    });
    await assert.rejects(openProcessStream(refusing), (error) => {
      assert.ok(error instanceof StreamError && refusedAs('refused')(error));
      assert.deepEqual(error.answer, { httpStatus: 404, body: 'page not found' });
      assert.match(error.message, /unix:\/\/\/run\/test\.sock.*HTTP 404: "page not found"/);
      return true;
    });
    const silent = await serving({ upgrade: () => undefined });
    await assert.rejects(openProcessStream(silent, { openTimeoutMs: 100 }), refusedAs('deadline'));
    await assert.rejects(openProcessStream(silent, { signal: AbortSignal.timeout(100) }), refusedAs('aborted'));
    await assert.rejects(openProcessStream(silent, { signal: AbortSignal.abort() }), refusedAs('aborted'));
    const garbage = await serving({ upgrade: (_, socket) => socket.end('garbage\r\n\r\n') });
    await assert.rejects(openProcessStream(garbage), refusedAs('protocol'));
    const other = await serving({ protocol: 'v9', stream: () => undefined });
    await assert.rejects(openProcessStream(other), refusedAs('protocol'));
    for (const host of ['127.0.0.1', 'localhost']) {
      const nobody = StreamUrl.read(`http://${host}:1/exec/s3cret`, 'unix:///run/test.sock');
      await assert.rejects(openProcessStream(nobody), refusedAs('unreachable'));
    }
  });
});
