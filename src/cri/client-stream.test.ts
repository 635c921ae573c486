import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { StatusError } from './handler.ts';
import { client, failureOf } from './testing.ts';

test('a stream gives its messages and then its error, also when read late', async () => {
  const cri = await client({
    runtime: {
      async *getContainerEvents() {
        for (let i = 0; i < 100; i++) yield await Promise.resolve({ containerId: i.toString() });
        throw new StatusError('ResourceExhausted', 'no more');
      },
    },
  });
  for (const lateMs of [0, 100]) {
    const stream = cri.runtime.getContainerEvents({});
    await sleep(lateMs);
    let count = 0;
    const error = await failureOf(
      (async () => {
        for await (const event of stream) assert.equal(event.containerId, (count++).toString());
      })(),
    );
    assert.equal(count, 100);
    assert.equal(error.message, `GetContainerEvents on ${cri.endpoint}: ResourceExhausted: no more`);
  }
});

test('a stream is open before it is read, and leaving or aborting it ends it at the server', async () => {
  const ended: string[] = [];
  let opened = 0;
  const cri = await client({
    runtime: {
      async *getContainerEvents(_request, { signal }) {
        opened += 1;
        try {
          for (let i = 0; ; i++) {
            yield { containerId: i.toString() };
            await sleep(1, undefined, { signal });
          }
        } finally {
          ended.push('ended');
        }
      },
    },
  });
  const left = cri.runtime.getContainerEvents({});
  while (opened === 0) await sleep(5);
  for await (const { containerId } of left) if (containerId === '3') break;
  while (ended.length < 1) await sleep(5);

  const aborter = new AbortController();
  const error = await failureOf(
    (async () => {
      for await (const { containerId } of cri.runtime.getContainerEvents({}, { signal: aborter.signal })) {
        if (containerId === '3') aborter.abort();
      }
    })(),
  );
  assert.equal(error.code, 'Canceled');
  while (ended.length < 2) await sleep(5);
  assert.throws(() => cri.runtime.getContainerEvents({}, { signal: aborter.signal }), { code: 'Canceled' });
});
