import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Settling } from './settle.ts';

const never = new AbortController().signal;

/** A machine on which so many CPUs are busy, changing with time. */
function machine(cpusAt: (ms: number) => number) {
  const beganAt = performance.now();
  let [busyMs, atMs] = [0, 0];
  return () => {
    const nowMs = performance.now() - beganAt;
    busyMs += cpusAt(atMs) * (nowMs - atMs);
    atMs = nowMs;
    return busyMs;
  };
}

async function timed(settling: Settling, signal = never): Promise<number> {
  const beganAt = performance.now();
  await settling.settle(signal);
  return performance.now() - beganAt;
}

test('a machine at rest is waited for one window only', async () => {
  const ms = await timed(
    new Settling(
      2000,
      machine(() => 0.1),
    ),
  );
  assert.ok(ms >= 45 && ms < 500, String(ms));
});

test('what is still at work is waited for', async () => {
  const ms = await timed(
    new Settling(
      2000,
      machine((at) => (at < 200 ? 1.5 : 0)),
    ),
  );
  assert.ok(ms >= 200 && ms < 1000, String(ms));
});

test('it ends at the bound, and a machine that is always busy is not waited for again and again', async () => {
  const settling = new Settling(
    300,
    machine(() => 1),
  );
  const [first, second] = [await timed(settling), await timed(settling)];
  assert.ok(first >= 290, String(first));
  // Half of the windows are at most as busy as the median one.
  assert.ok(second < 300, String(second));
});

test('once the machine is at rest again, rest is what it was before', async () => {
  let cpus = 1;
  const settling = new Settling(
    300,
    machine(() => cpus),
  );
  await timed(settling);
  cpus = 0;
  for (let time = 0; time < 5; time++) await timed(settling);
  cpus = 0.9;
  const ms = await timed(settling);
  assert.ok(ms >= 290, String(ms));
});

test('without a word from the machine a short pause must do; without a bound there is none', async () => {
  const ms = await timed(new Settling(2000, () => undefined));
  assert.ok(ms >= 190 && ms < 1000, String(ms));
  assert.ok((await timed(new Settling(0))) < 40);
});

test('an interruption ends it', async () => {
  const stop = new AbortController();
  setTimeout(() => {
    stop.abort();
  }, 60);
  const ms = await timed(
    new Settling(
      5000,
      machine(() => 2),
    ),
    stop.signal,
  );
  assert.ok(ms < 1000, String(ms));
});

test('the real machine tells', async () => {
  const ms = await timed(new Settling(200));
  assert.ok(ms >= 45 && ms < 2000, String(ms));
});
