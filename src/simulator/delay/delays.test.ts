import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '../../cri/client.ts';
import type { CriClient } from '../../cri/client.ts';
import { UsageError } from '../../model/error.ts';
import { spawnSimulator } from '../spawn-simulator.ts';
import type { SimulatorProcess } from '../spawn-simulator.ts';
import { startSimulator } from '../simulator.ts';
import { withCode } from '../testing.ts';
import type { RpcDelay } from './delays.ts';
import { bimodal, constant, delayOfCall, freeze, stall } from './law.ts';
import type { DelayLaw } from './law.ts';

const nsPerMs = 1e6;
/** What a wait may be late by when nothing else wants the processor. */
const latenessNs = 50_000;

const delaysMs = (law: DelayLaw, count: number, seed: number): readonly number[] =>
  Array.from({ length: count }, (_, place) => {
    const { ownNs, freezeNs } = delayOfCall(law, 'Status', place + 1, seed);
    return Number(ownNs + freezeNs) / nsPerMs;
  });

test('the laws', () => {
  assert.deepEqual(delaysMs(constant(2.5), 3, 0), [2.5, 2.5, 2.5]);
  assert.deepEqual(delaysMs(stall(1, 1400, 3), 6, 0), [1, 1, 1400, 1, 1, 1400]);
  assert.deepEqual(delaysMs(freeze(1, 1400, 2), 4, 0), [1, 1400, 1, 1400]);
  const twoModes = delaysMs(bimodal(1, 10, 0.3), 10_000, 7);
  assert.deepEqual(twoModes, delaysMs(bimodal(1, 10, 0.3), 10_000, 7));
  assert.notDeepEqual(twoModes, delaysMs(bimodal(1, 10, 0.3), 10_000, 8));
  const share = twoModes.filter((ms) => ms === 10).length / twoModes.length;
  // Three standard deviations of 10,000 draws.
  assert.ok(Math.abs(share - 0.3) < 0.014, String(share));
});

async function delayed(
  ...delays: RpcDelay[]
): Promise<{ readonly simulator: SimulatorProcess; readonly cri: CriClient }> {
  const simulator = await spawnSimulator({ delays, seed: 1 });
  const cri = await connect(simulator.endpoint);
  after(async () => {
    cri.close();
    await simulator.stop();
  });
  return { simulator, cri };
}

async function durationNs(call: () => Promise<unknown>): Promise<number> {
  const startedAtNs = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - startedAtNs);
}

test('every answer comes when the law says, never before, and the log holds what was given', async () => {
  const { simulator, cri } = await delayed(
    { rpc: 'Status', law: constant(4) },
    { rpc: 'ListImages', law: bimodal(1, 3, 0.5) },
  );
  const seen: number[] = [];
  for (let call = 0; call < 50; call += 1) seen.push(await durationNs(() => cri.runtime.status({})));
  const given = await simulator.delaysGiven('Status');
  assert.equal(given.length, seen.length);
  assert.ok(given.every((ns, place) => ns >= 4 * nsPerMs && ns <= (seen[place] ?? 0)));
  // The machine may be busy; the best of many calls shows what the wait itself is late by.
  assert.ok(Math.min(...given) < 4 * nsPerMs + latenessNs, String(Math.min(...given)));

  for (let call = 0; call < 50; call += 1) await cri.image.listImages({});
  const wanted = delayOfCallsOf('ListImages', bimodal(1, 3, 0.5), 50);
  const late = (await simulator.delaysGiven('ListImages')).map((ns, place) => ns - (wanted[place] ?? 0));
  assert.ok(Math.min(...late) >= 0 && Math.min(...late) < latenessNs);
  assert.deepEqual(await simulator.delaysGiven('Version'), []);
});

function delayOfCallsOf(rpc: string, law: DelayLaw, count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => Number(delayOfCall(law, rpc, place + 1, 1).ownNs));
}

test('an error is held back like any answer; a call that is cancelled has none', async () => {
  const { simulator, cri } = await delayed({ rpc: 'ContainerStatus', law: stall(5, 60_000, 2) });
  const containerId = 'f'.repeat(64);
  await assert.rejects(cri.runtime.containerStatus({ containerId }), withCode('NotFound'));
  await assert.rejects(cri.runtime.containerStatus({ containerId }, { deadlineMs: 100 }), withCode('DeadlineExceeded'));
  const [only, ...others] = await simulator.delaysGiven('ContainerStatus');
  assert.ok(only !== undefined && only >= 5 * nsPerMs && others.length === 0);
});

test('a stall holds up its own call alone', async () => {
  const { cri } = await delayed({ rpc: 'Status', law: stall(1, 1000, 2) });
  await cri.runtime.status({});
  let stalling = true;
  const stalled = durationNs(() => cri.runtime.status({})).finally(() => (stalling = false));
  await cri.runtime.status({});
  await cri.runtime.version({});
  assert.equal(stalling, true);
  assert.ok((await stalled) >= 1000 * nsPerMs);
});

test('a freeze holds up every call, of every RPC, also those that were under way', async () => {
  const { simulator, cri } = await delayed(
    { rpc: 'Status', law: freeze(1, 500, 2) },
    { rpc: 'ListImages', law: constant(100) },
  );
  await cri.runtime.status({});
  const underWay = durationNs(() => cri.image.listImages({}));
  const freezing = durationNs(() => cri.runtime.status({}));
  const during = durationNs(() => cri.runtime.version({}));
  assert.ok((await freezing) >= 500 * nsPerMs);
  assert.ok((await underWay) >= 500 * nsPerMs);
  assert.ok((await during) >= 400 * nsPerMs);
  const [before, frozen] = await simulator.delaysGiven('Status');
  assert.ok((before ?? 0) < 400 * nsPerMs && (frozen ?? 0) >= 500 * nsPerMs);
});

test('only unary RPCs can be delayed, each by one law', async () => {
  for (const rpcs of [['Nope'], ['GetContainerEvents'], ['Status', 'Status']]) {
    const delays = rpcs.map((rpc) => ({ rpc, law: constant(1) }));
    await assert.rejects(startSimulator({ delays }), UsageError);
    await assert.rejects(spawnSimulator({ delays }), UsageError);
  }
});
