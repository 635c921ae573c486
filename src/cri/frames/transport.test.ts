import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { flag, frameType, setting } from './frame.ts';
import {
  answer,
  data,
  echo,
  frame,
  headers,
  http2Server,
  message,
  newPath,
  raw,
  send,
  settings,
  told,
  transportTo,
  word,
} from './testing.ts';

test('a server that takes one call at a time gets them one by one; those that wait can be cancelled and can be late', async () => {
  let running = 0;
  let most = 0;
  let calls = 0;
  const path = await http2Server(
    (stream) => {
      calls += 1;
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        echo(stream);
      }, 10);
    },
    { maxConcurrentStreams: 1 },
  );
  const transport = transportTo(path);
  const aborter = new AbortController();
  const all = Array.from({ length: 10 }, (_, at) => send(transport, { request: Buffer.from(`call ${at.toString()}`) }));
  const canceled = send(transport, { signal: aborter.signal });
  const late = send(transport, { timeoutMs: 20 });
  const last = send(transport);
  aborter.abort();
  assert.equal(told(await canceled), 'Canceled: Cancelled on client');
  assert.equal(told(await late), 'DeadlineExceeded: Deadline exceeded after 0.020s');
  assert.deepEqual(
    (await Promise.all(all)).map(told),
    Array.from({ length: 10 }, (_, at) => `call ${at.toString()}`),
  );
  assert.equal(told(await last), 'question');
  assert.equal(most, 1);
  assert.equal(calls, 11, 'the cancelled and the late call were never sent');
});

test('the calls of a tick go out in one write, whose time is theirs', async () => {
  let reads = 0;
  const transport = await raw(async (peer) => {
    peer.send(settings());
    await peer.next(frameType.data);
    peer.socket.on('data', () => (reads += 1));
    peer.send(answer(1, 'ready'));
    for (let streamId = 3; streamId <= 41; streamId += 2) {
      await peer.next(frameType.data);
      peer.send(answer(streamId, 'ok'));
    }
  });
  assert.equal(told(await send(transport)), 'ready');
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(transport)));
  assert.deepEqual(new Set(answers.map(told)), new Set(['ok']));
  assert.equal(new Set(answers.map(({ startedAtNs }) => startedAtNs)).size, 1);
  assert.equal(reads, 1);
});

test('calls wait for the server’s settings, and answers to PING and SETTINGS are given', async () => {
  const seen: string[] = [];
  const transport = await raw(async (peer) => {
    await sleep(50);
    seen.push(...peer.seen.map(({ type }) => type.toString()));
    peer.send(settings([setting.maxConcurrentStreams, 5]), frame(frameType.ping, 0, 0, Buffer.from('12345678')));
    await peer.next(frameType.data);
    const pong = peer.seen.find(({ type }) => type === frameType.ping);
    seen.push(`${String(pong?.flags)} ${String(pong?.payload.toString())}`);
    assert.ok(peer.seen.some(({ type, flags }) => type === frameType.settings && flags === flag.ack));
    peer.send(answer(1, 'done'));
  });
  assert.equal(told(await send(transport)), 'done');
  assert.deepEqual(seen, ['4', '8', '1 12345678'], 'SETTINGS and WINDOW_UPDATE first, no call before the server’s');
});

test('GOAWAY: calls that the server will not look at fail, the others end, new ones go to a new connection', async () => {
  let connections = 0;
  const transport = await raw(async (peer) => {
    connections += 1;
    peer.send(settings());
    if (connections > 1) {
      await peer.next(frameType.data);
      peer.send(answer(1, 'second connection'));
      return;
    }
    for (let count = 0; count < 3; count++) await peer.next(frameType.data);
    // First the announcement that Go servers make, then the real one.
    const goAway = (last: number) =>
      frame(frameType.goAway, 0, 0, Buffer.concat([word(last), word(0), Buffer.from('restarting')]));
    peer.send(goAway(0x7fff_ffff));
    await sleep(20);
    peer.send(goAway(1));
    await sleep(20);
    peer.send(answer(1, 'first connection'));
  });
  const [first, second, third] = [send(transport), send(transport), send(transport)];
  for (const refused of [second, third]) {
    assert.equal(told(await refused), 'Unavailable: The server goes away and refused the call (GOAWAY 0, restarting)');
  }
  const fresh = send(transport);
  assert.equal(told(await first), 'first connection');
  assert.equal(told(await fresh), 'second connection');
  assert.equal(connections, 2);
});

test('GOAWAY: a call that only waited is sent on the next connection, but not from one to the other for ever', async () => {
  const goAway = frame(frameType.goAway, 0, 0, Buffer.concat([word(1), word(0)]));
  let connections = 0;
  const transport = await raw(async (peer) => {
    connections += 1;
    peer.send(settings([setting.maxConcurrentStreams, connections === 1 ? 1 : 100]));
    await peer.next(frameType.data);
    if (connections === 1) peer.send(goAway);
    await sleep(10);
    peer.send(answer(1, `connection ${connections.toString()}`));
  });
  const both = [send(transport), send(transport)];
  assert.deepEqual((await Promise.all(both)).map(told).sort(), ['connection 2', 'connection 2'].sort());

  const leaving = await raw((peer) => {
    peer.send(settings([setting.maxConcurrentStreams, 0]), goAway);
  });
  assert.equal(told(await send(leaving)), 'Unavailable: The server went away twice');
});

test('a server that is lost in mid-call makes it Unavailable, and is found again', async () => {
  let connections = 0;
  const transport = await raw(async (peer) => {
    connections += 1;
    peer.send(settings());
    await peer.next(frameType.data);
    if (connections === 1)
      peer.socket.end(Buffer.concat([headers(1), data(1, message('half an answer')).subarray(0, 20)]));
    else peer.send(answer(1, 'back'));
  });
  assert.equal(told(await send(transport)), 'Unavailable: Connection dropped');
  assert.equal(told(await send(transport)), 'back');

  const nobody = transportTo(newPath());
  assert.match(told(await send(nobody)), /^Unavailable: No connection established\. Last error: connect ENOENT/);
  const mute = await raw((peer) => {
    peer.socket.end();
  });
  assert.equal(told(await send(mute)), 'Unavailable: No connection established. Last error: the server hung up');
});

test('a server that never says a word makes calls late; closing ends them', async () => {
  const transport = await raw(() => undefined);
  assert.equal(told(await send(transport, { timeoutMs: 50 })), 'DeadlineExceeded: Deadline exceeded after 0.050s');
  const waiting = send(transport);
  transport.close();
  assert.equal(told(await waiting), 'Canceled: Cancelled on client');
  assert.equal(told(await send(transport)), 'Canceled: Cancelled on client');
});

test('a call that ends early is reset, and its late answer disturbs nobody', async () => {
  const resets: string[] = [];
  const transport = await raw(async (peer) => {
    peer.send(settings());
    for (const streamId of [1, 3]) {
      const reset = await peer.next(frameType.rstStream);
      resets.push(`${reset.streamId.toString()} ${reset.payload.toString('hex')}`);
      peer.send(answer(streamId, 'too late'));
    }
    await peer.next(frameType.data);
    peer.send(answer(5, 'in time'));
  });
  const aborter = new AbortController();
  const canceled = send(transport, { signal: aborter.signal });
  await sleep(20);
  aborter.abort();
  assert.equal(told(await canceled), 'Canceled: Cancelled on client');
  assert.match(told(await send(transport, { timeoutMs: 30 })), /^DeadlineExceeded/);
  assert.equal(told(await send(transport)), 'in time');
  assert.deepEqual(resets, ['1 00000008', '3 00000008']);
});
