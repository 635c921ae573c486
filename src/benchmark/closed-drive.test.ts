import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { driveClosed, type ClosedDrive } from './closed-drive.ts';

/** Drives iterations of a few ms and tells how many there were, in which phase, and how many were in flight at most. */
async function drive(
  options: Pick<ClosedDrive, 'concurrency' | 'iterations'>,
  during: (iteration: number) => Promise<void> = async () => {
    await pause(2);
  },
  signal = new AbortController().signal,
) {
  const seen = { warmUp: 0, counted: 0, inFlight: 0, mostInFlight: 0, phases: [] as string[] };
  await driveClosed({
    ...options,
    signal,
    iterate: async () => {
      if (seen.phases.length === 0) seen.warmUp++;
      else seen.counted++;
      seen.mostInFlight = Math.max(seen.mostInFlight, ++seen.inFlight);
      await during(seen.counted).finally(() => seen.inFlight--);
    },
    measuring: () => {
      seen.phases.push('measuring');
      return Promise.resolve();
    },
    measured: () => {
      seen.phases.push('measured');
      return Promise.resolve();
    },
  });
  return seen;
}

describe('a closed load', () => {
  for (const concurrency of [1, 4, 16]) {
    test(`keeps ${String(concurrency)} in flight, never more, and counts exactly the iterations asked for`, async () => {
      const seen = await drive({ concurrency, iterations: 48 });
      assert.deepEqual(seen.phases, ['measuring', 'measured']);
      assert.equal(seen.mostInFlight, concurrency);
      assert.equal(seen.counted, 48);
      assert.equal(seen.warmUp, concurrency);
    });
  }

  test('does not go on longer than asked because iterations are fast, nor shorter because they are slow', async () => {
    const none = (): Promise<void> => Promise.resolve();
    assert.equal((await drive({ concurrency: 1, iterations: 5 }, none)).counted, 5);
    assert.equal((await drive({ concurrency: 1, iterations: 5 }, () => pause(60))).counted, 5);
  });

  test('starts nothing more once it is aborted, and waits for what is in flight', async () => {
    const stop = new AbortController();
    const seen = await drive(
      { concurrency: 4, iterations: 100 },
      async (iteration) => {
        if (iteration === 10) stop.abort();
        await pause(5);
      },
      stop.signal,
    );
    assert.ok(seen.counted >= 10 && seen.counted < 14, String(seen.counted));
    assert.equal(seen.inFlight, 0);
  });

  test('iterates nothing when it is aborted beforehand', async () => {
    const seen = await drive({ concurrency: 1, iterations: 3 }, undefined, AbortSignal.abort());
    assert.deepEqual([seen.warmUp, seen.counted, seen.phases.length], [0, 0, 0]);
  });

  test('throws what an iteration throws', async () => {
    const defect = drive({ concurrency: 1, iterations: 8 }, () => Promise.reject(new Error('a defect')));
    await assert.rejects(defect, /a defect/);
  });
});
