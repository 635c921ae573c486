import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { StatusError } from '../cri/handler.ts';
import type { Handlers } from '../cri/handler.ts';
import {
  after,
  answer,
  before,
  bytes,
  codeChanged,
  delays,
  failsAfterwards,
  forgives,
  frozen,
  postpones,
  refuses,
  request,
  stream,
  swallow,
  twice,
} from './combinators.ts';
import type { Break } from './break.ts';
import { proxied } from './testing.ts';

/** A runtime that counts what is asked of it. */
function counting(): { readonly runtime: Handlers['runtime']; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    runtime: {
      stopContainer: ({ containerId, timeout }) => {
        asked.push(`stop ${containerId} ${String(timeout)}`);
        return Promise.resolve({});
      },
      removeContainer: ({ containerId }) => {
        asked.push(`remove ${containerId}`);
        return Promise.reject(new StatusError('NotFound', `no ${containerId}`));
      },
      containerStatus: ({ containerId }) => {
        asked.push(`status ${containerId}`);
        return Promise.resolve({ status: { id: containerId, exitCode: asked.length } });
      },
      async *streamContainers() {
        await Promise.resolve();
        for (const id of ['a', 'b', 'c']) yield { containers: [{ id }] };
      },
    },
  };
}

async function all<T>(messages: AsyncIterable<T>): Promise<readonly T[]> {
  const read: T[] = [];
  for await (const message of messages) read.push(message);
  return read;
}

async function broken(
  breaks: Break,
): Promise<{ readonly asked: string[]; readonly cri: Awaited<ReturnType<typeof proxied>>['cri'] }> {
  const { runtime, asked } = counting();
  const { cri } = await proxied([breaks], runtime);
  return { cri, asked };
}

test('request changes what the runtime sees', async () => {
  const { cri, asked } = await broken(request('StopContainer', (stop) => void (stop.timeout = 0n)));
  await cri.runtime.stopContainer({ containerId: 'a', timeout: 30n });
  assert.deepEqual(asked, ['stop a 0']);
});

test('answer changes what the caller sees, and knows the request as it came', async () => {
  const { cri } = await broken(
    answer('ContainerStatus', ({ status }, { containerId }) => {
      if (status) status.imageRef = `of ${containerId}`;
    }),
  );
  assert.equal((await cri.runtime.containerStatus({ containerId: 'a' })).status?.imageRef, 'of a');
});

test('answer changes each message of a stream', async () => {
  const { cri } = await broken(answer('StreamContainers', ({ containers }) => void containers.pop()));
  const counts = (await all(cri.runtime.streamContainers({}))).map(({ containers }) => containers.length);
  assert.deepEqual(counts, [0, 0, 0]);
});

test('refuses answers without asking, only when it should', async () => {
  const { cri, asked } = await broken(refuses('StopContainer', 'Internal', ({ timeout }) => timeout === 0n));
  await assert.rejects(cri.runtime.stopContainer({ containerId: 'a' }), { code: 'Internal' });
  await cri.runtime.stopContainer({ containerId: 'a', timeout: 1n });
  assert.deepEqual(asked, ['stop a 1']);
});

test('failsAfterwards does it all the same', async () => {
  const { cri, asked } = await broken(failsAfterwards('StopContainer', 'Internal'));
  await assert.rejects(cri.runtime.stopContainer({ containerId: 'a' }), { code: 'Internal' });
  assert.deepEqual(asked, ['stop a 0']);
});

test('codeChanged keeps the words and other codes', async () => {
  const { cri } = await broken(codeChanged('RemoveContainer', 'NotFound', 'Unknown'));
  await assert.rejects(cri.runtime.removeContainer({ containerId: 'a' }), { code: 'Unknown', details: 'no a' });
  const other = await broken(codeChanged('RemoveContainer', 'Internal', 'Unknown'));
  await assert.rejects(other.cri.runtime.removeContainer({ containerId: 'a' }), { code: 'NotFound' });
});

test('forgives answers success for one code', async () => {
  const { cri, asked } = await broken(forgives('RemoveContainer', 'NotFound', {}));
  await cri.runtime.removeContainer({ containerId: 'a' });
  assert.deepEqual(asked, ['remove a']);
});

test('swallow answers success and asks nothing', async () => {
  const { cri, asked } = await broken(swallow('StopContainer', {}));
  await cri.runtime.stopContainer({ containerId: 'a' });
  assert.deepEqual(asked, []);
});

test('twice does it twice and answers the first', async () => {
  const { cri, asked } = await broken(twice('ContainerStatus'));
  assert.equal((await cri.runtime.containerStatus({ containerId: 'a' })).status?.exitCode, 1);
  assert.deepEqual(asked, ['status a', 'status a']);
});

test('postpones answers before it is done', async () => {
  const { cri, asked } = await broken(postpones('StopContainer', {}, 50));
  await cri.runtime.stopContainer({ containerId: 'a' });
  assert.deepEqual(asked, []);
  while (asked.length === 0) await pause(10);
  assert.deepEqual(asked, ['stop a 0']);
});

test('frozen remembers the first answer, by key', async () => {
  const { cri, asked } = await broken(frozen('ContainerStatus', ({ containerId }) => containerId));
  const exitCodeOf = async (containerId: string): Promise<number | undefined> =>
    (await cri.runtime.containerStatus({ containerId })).status?.exitCode;
  assert.deepEqual([await exitCodeOf('a'), await exitCodeOf('b'), await exitCodeOf('a')], [1, 2, 1]);
  assert.deepEqual(asked, ['status a', 'status b']);
});

test('before and after do something of their own, with the runtime behind at hand', async () => {
  const { cri, asked } = await broken(
    before('StopContainer', async (_, { client }) => {
      await client.runtime.containerStatus({ containerId: 'first' });
    }),
  );
  await cri.runtime.stopContainer({ containerId: 'a' });
  assert.deepEqual(asked, ['status first', 'stop a 0']);
  const later = await broken(
    after('StopContainer', async (_, __, { client }) => {
      await client.runtime.containerStatus({ containerId: 'last' });
    }),
  );
  await later.cri.runtime.stopContainer({ containerId: 'a' });
  assert.deepEqual(later.asked, ['stop a 0', 'status last']);
});

test('stream passes messages on through a generator', async () => {
  const { cri } = await broken(
    stream('StreamContainers', async function* (messages) {
      for await (const message of messages) if (message.containers[0]?.id !== 'b') yield message;
    }),
  );
  const ids = (await all(cri.runtime.streamContainers({}))).map(({ containers }) => containers[0]?.id);
  assert.deepEqual(ids, ['a', 'c']);
});

test('delays waits at least as long as it says, and a share of the call', async () => {
  const tookMs = async (breaks: Break): Promise<number> => {
    const { cri } = await proxied([breaks], {
      stopContainer: async () => {
        await pause(100);
        return {};
      },
    });
    const startedAtMs = performance.now();
    await cri.runtime.stopContainer({ containerId: 'a' });
    return performance.now() - startedAtMs;
  };
  assert.ok((await tookMs(delays(['StopContainer'], { ms: 150 }))) >= 245);
  assert.ok((await tookMs(delays(['StopContainer'], { share: 1 }))) >= 195);
  assert.ok((await tookMs(delays(['StartContainer'], { ms: 60_000 }))) < 10_000);
});

test('bytes need not be a message', async () => {
  const { cri } = await broken(bytes(['ContainerStatus'], () => Buffer.from('ffffffff', 'hex')));
  await assert.rejects(cri.runtime.containerStatus({ containerId: 'a' }), { name: 'CriError' });
  await cri.runtime.stopContainer({ containerId: 'a' });
});
