import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { loadWorkloads } from '../../src/benchmark/catalogue.ts';
import { connect } from '../../src/cri/client.ts';
import { Ledger } from '../../src/kit/ledger.ts';
import { probeTarget } from '../../src/kit/probe.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';
import type { Workload } from '../../src/kit/workload.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { releaseLab } from '../../src/lab/labs.ts';
import { startLab } from '../../src/lab/start-lab.ts';
import type { WorkloadResult } from '../../src/model/workload.ts';
import { assertMeasured, resultsOf } from './simulated.testing.ts';

/* What cannot be asked of a simulator, asked of a real containerd: are the figures such as they can be? */

const impossible = process.platform !== 'linux' ? 'needs Linux' : process.geteuid?.() !== 0 ? 'needs root' : undefined;
const mib = 1024 * 1024;

describe('the workloads on containerd', { skip: impossible ?? false }, async () => {
  const all = await loadWorkloads();
  const home = mkdtempSync('/var/tmp/crible-test-');
  let lab: Lab;
  let target: TargetContext;

  before(async () => {
    process.env['CRIBLE_HOME'] = home;
    const runId = `test-${String(process.pid)}`;
    const { signal } = new AbortController();
    Ledger.create(runId);
    lab = await startLab({ runtime: 'containerd' }, { owner: 'run', runId });
    const cri = await connect(lab.endpoint);
    const images = { prefix: lab.imagePrefix, loopback: true };
    const about = { name: 'lab', spec: 'lab:containerd', hostId: 'here', handler: '', besideKubelet: false };
    ({ context: target } = await probeTarget(cri, { ...about, runId, images, signal }));
    cri.close();
  });
  after(async () => {
    await releaseLab(lab);
    rmSync(home, { recursive: true, force: true });
  });

  async function measured(id: string, change: Partial<Workload> = {}): Promise<(name: string) => number> {
    const found = all.find(({ declaration }) => declaration.id === id);
    assert.ok(found, id);
    const [result] = await resultsOf([{ ...found, ...change }], {
      targets: [target],
      rounds: 1,
      iterationsPerRound: 4,
    });
    assertMeasured(
      result,
      ['ExitToEvent', 'IdleCpu'].filter((name) => !isThere(result, name)),
    );
    return (name) => figureOf(result, name);
  }

  test('a quota of 10 % is 10 %, and 30 % once it is changed', async () => {
    const figure = await measured('limits');
    assertBetween(figure('CpuShare'), 8, 12);
    // Whatever else runs on the machine may keep it from its quota, but nothing lets it have more.
    assertBetween(figure('CpuShareAfterUpdate'), 13, 33);
  });

  test('nearly all lines come, and no more bytes than memory moves', async () => {
    const figure = await measured('log-throughput');
    // On a busy machine containerd 1.6 leaves behind what is in the pipe when the process ends: at most 64 KiB, 1.3 % of it all.
    assertBetween(figure('LostLines'), 0, 1.5);
    assertBetween(figure('LineRate'), 1_000, 10_000_000);
    assertBetween(figure('ByteRate'), mib, 10_000 * mib);
  });

  test('an exit is known later than at once and sooner than after seconds', async () => {
    const figure = await measured('exit-latency');
    assertBetween(figure('ExitToStatus'), 1e6, 2e9);
  });

  test('work inside of a container has its rates from the container’s own clock', async () => {
    const figure = await measured('in-container');
    assertBetween(figure('ComputeRate'), 10_000, 1e9);
    for (const rate of ['MemoryRate', 'FileWriteRate', 'FileReadRate']) assertBetween(figure(rate), mib, 100_000 * mib);
  });

  test('pods that come and go leave nothing', async () => {
    const figure = await measured('churn');
    for (const left of ['LeftProcesses', 'LeftMounts', 'LeftCgroups', 'NamespaceGrowth']) assert.equal(figure(left), 0);
    assertBetween(figure('DescriptorGrowth'), -50, 50);
  });

  test('a pod costs a shim’s memory', async () => {
    const figure = await measured('density', { loads: () => [{ model: 'closed', concurrency: 1 }] });
    assertBetween(figure('MonitorMemoryPerPod'), mib / 2, 20 * mib);
    assertBetween(figure('DaemonRss'), 10 * mib, 1_000 * mib);
  });

  for (const id of ['exec-stream', 'pod-ready-hostnet', 'pull-small', 'pull-shared', 'kubelet-shadow']) {
    test(`${id} gets through`, async () => {
      await measured(id);
    });
  }
});

function assertBetween(value: number, least: number, most: number): void {
  assert.ok(value >= least && value <= most, `${String(value)} is not between ${String(least)} and ${String(most)}`);
}

/** The median of a measure, or of an operation in ns. */
function figureOf(result: WorkloadResult | undefined, name: string): number {
  const measure = result?.measures.find((each) => each.name === name)?.median;
  const quantiles = result?.operations.find((each) => each.name === name)?.quantiles ?? [];
  return measure ?? quantiles[Math.floor(quantiles.length / 2)]?.valueNs ?? NaN;
}

/** Of what depends on the version of the runtime and on where its daemon runs. */
function isThere(result: WorkloadResult | undefined, name: string): boolean {
  return !Number.isNaN(figureOf(result, name));
}
