import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { driveOpen, type OpenDrive } from './open-drive.ts';
import { scheduleOf } from './schedule.ts';

/** Drives so many starts at a rate, and tells when each began, how late it thought it was, and how many were in flight at most. */
async function drive(
  ratePerSecond: number,
  starts: number,
  during: () => Promise<void>,
  more: Partial<OpenDrive> = {},
) {
  const schedule = scheduleOf({ model: 'open', ratePerSecond, arrival: 'constant' }, starts, 1);
  const seen = { beganAtMs: [] as number[], lagsNs: [] as number[], inFlight: 0, most: 0 };
  const startedAt = performance.now();
  const result = await driveOpen({
    schedule,
    mostInFlight: 1000,
    spin: false,
    signal: new AbortController().signal,
    iterate: async (lagNs) => {
      seen.beganAtMs.push(performance.now() - startedAt);
      seen.lagsNs.push(lagNs);
      seen.most = Math.max(seen.most, ++seen.inFlight);
      await during().finally(() => seen.inFlight--);
    },
    ...more,
  });
  return { ...seen, ...result, schedule };
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('an open load', () => {
  for (const spin of [false, true]) {
    test(`never starts before its time, and says how late it was, ${spin ? 'spinning' : 'by timers'}`, async () => {
      const { beganAtMs, lagsNs, lag, started, dropped, schedule } = await drive(200, 40, () => pause(1), { spin });
      assert.deepEqual([started, dropped, lag.count], [40, 0, 40]);
      for (const [at, began] of beganAtMs.entries()) {
        const lateMs = began - (schedule.offsetsNs[at] ?? NaN) / 1e6;
        assert.ok(lateMs >= 0, `start ${String(at)} was ${String(-lateMs)} ms early`);
        // What the iteration was told, but for the time until it looked at the clock itself.
        assert.ok((lagsNs[at] ?? NaN) / 1e6 <= lateMs, `${String(lagsNs[at])} ns told, ${String(lateMs)} ms late`);
      }
    });
  }

  test('does not wait for iterations that take longer than the gap', async () => {
    const { most, started, beganAtMs } = await drive(100, 20, () => pause(300));
    assert.equal(started, 20);
    assert.ok(most >= 15, `${String(most)} were in flight`);
    assert.ok((beganAtMs.at(-1) ?? NaN) >= 190);
  });

  test('drops starts that find too many in flight, and does not make up for them', async () => {
    const { started, dropped, most, achievedPerSecond } = await drive(200, 40, () => pause(5000 / 200), {
      mostInFlight: 2,
    });
    assert.equal(started + dropped, 40);
    assert.equal(most, 2);
    assert.ok(dropped > 5, String(dropped));
    assert.ok(achievedPerSecond < 180, String(achievedPerSecond));
  });

  test('starts what is due at once after a stall of its own, counts it as late and spreads it over the longer time', async () => {
    let stalls = 1;
    const result = await drive(100, 10, () => {
      if (stalls-- > 0) block(60);
      return Promise.resolve();
    });
    assert.equal(result.started, 10);
    assert.ok(result.late >= 5, `${String(result.late)} were late`);
    assert.ok(result.lag.valueAtNs(1) >= 45e6, String(result.lag.valueAtNs(1)));
    const atEnd = await drive(1000, 5, () => {
      block(50);
      return Promise.resolve();
    });
    assert.ok(atEnd.achievedPerSecond < 100, `${String(atEnd.achievedPerSecond)} of 1000 a second`);
  });

  test('achieves the rate when it keeps up', async () => {
    const { achievedPerSecond } = await drive(50, 20, () => pause(1));
    // The last start may be late on a busy machine, and by no more than that the rate is lower.
    assert.ok(achievedPerSecond > 35 && achievedPerSecond <= 50, String(achievedPerSecond));
  });

  test('knows how fast iterations ended: at the rate however long they take, at the capacity where that is less', async () => {
    const { endedPerSecond: keptUp } = await drive(50, 20, () => pause(200));
    assert.ok(keptUp !== null && keptUp > 25 && keptUp < 60, String(keptUp));
    let queue = Promise.resolve();
    const { endedPerSecond: queued } = await drive(200, 20, () => (queue = queue.then(() => pause(25))));
    assert.ok(queued !== null && queued > 10 && queued < 45, String(queued));
    assert.equal((await drive(200, 1, () => pause(1))).endedPerSecond, null);
  });

  test('starts nothing more once it is aborted, and waits for what is in flight', async () => {
    const stop = new AbortController();
    let begun = 0;
    const { started, inFlight } = await drive(
      100,
      100,
      async () => {
        if (++begun === 5) stop.abort();
        await pause(30);
      },
      { signal: stop.signal },
    );
    assert.equal(started, 5);
    assert.equal(inFlight, 0);
  });

  test('starts nothing when it is aborted beforehand', async () => {
    const { started, endedPerSecond } = await drive(100, 5, () => pause(1), { signal: AbortSignal.abort() });
    assert.deepEqual([started, endedPerSecond], [0, null]);
  });

  test('throws what an iteration throws, when those in flight have ended', async () => {
    let ended = 0;
    const defect = drive(200, 50, async () => {
      await pause(10);
      ended++;
      if (ended === 3) throw new Error('a defect');
    });
    await assert.rejects(defect, /a defect/);
    assert.ok(ended < 50);
  });
});
