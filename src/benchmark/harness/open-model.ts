import { connect, type CriClient } from '../../cri/client.ts';
import { driveLoad } from '../drive-load.ts';
import type { Starts } from '../open-drive.ts';

/** What became of starts at a constant rate, each a call of Version. */
export interface PacedRun {
  readonly intendedPerSecond: number;
  /** Starts a second over the time that they were spread over. */
  readonly achievedPerSecond: number;
  /** How much later than intended 99 in 100 began at most: the error bound of what an open load measures. */
  readonly lagP99Us: number;
  readonly started: number;
  readonly dropped: number;
  readonly errors: number;
  /** Of one core: at this rate the pacer waits for the next start by spinning. */
  readonly cpuShare: number;
}

export interface Pace {
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

/** After so much time at the rate V8 has compiled what the calls run through, here and in a simulator. */
const warmUpMs = 3000;

/** Starts calls on an endpoint with the pacer that open loads have, first to warm up, then with clocks. */
export async function measurePace(endpoint: string, { ratePerSecond, durationMs }: Pace): Promise<PacedRun> {
  const client = await connect(endpoint, { transport: 'frames' });
  await drive(client, { ratePerSecond, durationMs: Math.min(warmUpMs, 4 * durationMs) });
  const run = await drive(client, { ratePerSecond, durationMs });
  client.close();
  return run;
}

async function drive({ runtime }: CriClient, { ratePerSecond, durationMs }: Pace): Promise<PacedRun> {
  const iterations = Math.round((ratePerSecond * durationMs) / 1000);
  let [errors, cpuUs] = [0, 0];
  let starts: Starts | undefined;
  const cpuUsedUs = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  await driveLoad(
    { load: { model: 'open', ratePerSecond, arrival: 'constant' }, iterations, seed: 0 },
    new AbortController().signal,
    {
      iterate: async () => {
        await runtime.version({ version: '0.1.0' }).catch(() => errors++);
      },
      measuring: () => {
        [errors, cpuUs] = [0, cpuUsedUs()];
        return Promise.resolve();
      },
      measured: (told) => {
        [starts, cpuUs] = [told, cpuUsedUs() - cpuUs];
        return Promise.resolve();
      },
    },
  );
  if (starts === undefined) throw new Error('the pacer told nothing of its starts');
  const { started, dropped, achievedPerSecond, lag } = starts;
  const intendedPerSecond = ratePerSecond;
  const lagP99Us = lag.valueAtNs(0.99) / 1000;
  return {
    intendedPerSecond,
    achievedPerSecond,
    lagP99Us,
    started,
    dropped,
    errors,
    cpuShare: cpuUs / 1000 / durationMs,
  };
}
