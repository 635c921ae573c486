import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costSchema } from '../../model/cost.ts';
import { watchEventLoop } from './event-loop-lag.ts';
import { startMeter } from './meter.ts';

const features = (present: boolean) =>
  ['host-pids', 'host-cgroups'].map((name) => ({ name, present, detail: 'for this test' }));

/** A target that nobody serves. */
const target = {
  endpoint: 'unix:///nowhere/runtime.sock',
  runId: 'test',
  cgroupDriver: 'cgroupfs',
  images: { prefix: 'registry.example/crible', loopback: false },
  features: features(true),
} as const;

function spin(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

describe('what a round cost', () => {
  test('what is not known is null, each with its reason, and nothing is thrown', async () => {
    for (const other of [{}, { endpoint: 'tcp://192.0.2.1:5000' }, { features: features(false) }]) {
      for (const containers of ['idle', 'working'] as const) {
        const meter = await startMeter({ ...target, ...other }, { containers });
        const cost = await meter.stop();
        assert.deepEqual(costSchema.parse(cost), cost);
        assert.equal(cost.runtimeCpuNs, null);
        const nulls = Object.entries(cost).flatMap(([figure, value]) => (value === null ? [figure] : []));
        assert.deepEqual(cost.unknown.map(({ figure }) => figure).sort(), nulls.sort());
      }
    }
  });

  test('crible’s own work is its own, and no registry is no loss', async () => {
    const meter = await startMeter(target, { containers: 'idle' });
    const before = process.cpuUsage();
    spin(200);
    const own = process.cpuUsage(before);
    const { cribleCpuNs, durationNs, eventLoopLagMaxNs, registryCpuNs, unknown } = await meter.stop();
    const usedNs = (own.user + own.system) * 1000;
    assert.ok(cribleCpuNs >= usedNs && cribleCpuNs < durationNs * 1.5, `${String(cribleCpuNs)} of ${String(usedNs)}`);
    assert.ok((eventLoopLagMaxNs ?? 0) > 150e6, `a loop that was blocked until the end: ${String(eventLoopLagMaxNs)}`);
    assert.equal(registryCpuNs, null);
    assert.match(unknown.find(({ figure }) => figure === 'registryCpuNs')?.reason ?? '', /not crible's own/);
  });

  test('the event loop’s lag is how much too late it is, not how often it is looked at', async () => {
    const lag = await watchEventLoop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    spin(60);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const seen = await lag.stop();
    assert.ok(seen && seen.maxNs > 40e6, JSON.stringify(seen));
  });
});
