import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Broadcast } from './broadcast.ts';

test('a slow listener loses nothing, a late one gets what is published from then on, one that left gets no more', async () => {
  const broadcast = new Broadcast<number>();
  const early = new AbortController();
  const late = new AbortController();
  const ofEarly = broadcast.subscribe(early.signal);
  for (let number = 0; number < 1000; number += 1) broadcast.publish(number);
  const ofLate = broadcast.subscribe(late.signal);
  broadcast.publish(1000);

  const read = async (messages: AsyncIterable<number>, reader: AbortController): Promise<readonly number[]> => {
    const seen: number[] = [];
    for await (const message of messages) {
      seen.push(message);
      if (message === 1000) reader.abort();
    }
    return seen;
  };
  assert.deepEqual(
    await read(ofEarly, early),
    Array.from({ length: 1001 }, (_, number) => number),
  );
  broadcast.publish(1001);
  assert.deepEqual(await read(ofLate, late), [1000]);
});

test('leaving ends a reader that waits', async () => {
  const listener = new AbortController();
  const messages = new Broadcast<number>().subscribe(listener.signal);
  setTimeout(() => {
    listener.abort();
  }, 10);
  for await (const message of messages) assert.fail(String(message));
});
