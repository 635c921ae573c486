import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runBenchmarks } from '../../src/benchmark/run.ts';
import { connect } from '../../src/cri/client.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';
import { Ledger } from '../../src/kit/ledger.ts';
import { thisProcess } from '../../src/kit/process-identity.ts';
import { workloadResultSchema, type WorkloadResult } from '../../src/model/workload.ts';
import { spawnSimulator, type SimulatorProcess } from '../../src/simulator/spawn-simulator.ts';
import { workloads } from './pod-lifecycle.ts';

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** One image under every name, enough for a runtime that runs no processes. */
const configuration = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Cmd: ['sh'] }, rootfs: {} });
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(configuration),
    size: configuration.length,
  },
  layers: [],
});
const registry = createServer((request, response) => {
  const isManifest = request.url?.includes('/manifests/') === true;
  response.setHeader('Content-Type', isManifest ? 'application/vnd.oci.image.manifest.v1+json' : 'application/json');
  response.setHeader('Docker-Content-Digest', digestOf(isManifest ? manifest : configuration));
  response.end(isManifest ? manifest : configuration);
});

describe('pod-lifecycle', () => {
  const runId = 'pod-lifecycle-test';
  let home: string;
  let simulator: SimulatorProcess;
  let target: TargetContext;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'crible-pod-lifecycle-'));
    process.env['CRIBLE_HOME'] = home;
    Ledger.create(runId);
    simulator = await spawnSimulator();
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const address = registry.address();
    assert.ok(address !== null && typeof address === 'object');
    target = {
      runId,
      owner: thisProcess(),
      name: 'sim',
      endpoint: simulator.endpoint,
      handler: '',
      features: [{ name: 'host-files', present: true, detail: 'the simulator writes logs here' }],
      cgroupDriver: 'unknown',
      images: { prefix: `127.0.0.1:${String(address.port)}/crible`, loopback: true },
      foreignClients: false,
    };
  });
  after(async () => {
    await simulator.stop();
    registry.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function measure(targets: readonly TargetContext[], concurrency: number): Promise<readonly WorkloadResult[]> {
    const results: WorkloadResult[] = [];
    await runBenchmarks({
      targets,
      workloads,
      concurrency: [concurrency],
      rounds: 2,
      iterationsPerRound: 3,
      seed: 1,
      signal: new AbortController().signal,
      settleMs: 0,
      emit: (event) => {
        if (event.type === 'workload-finished') results.push(workloadResultSchema.parse(event.result));
      },
    });
    return results;
  }

  test('measures every operation of a pod’s life and leaves nothing', async () => {
    for (const result of await measure([target, { ...target, name: 'same' }], 1)) {
      assert.deepEqual(result.errors, []);
      assert.equal(result.status, 'measured');
      for (const { name, count, failures, p50Ns } of result.operations) {
        assert.deepEqual([name, count, failures], [name, 6, 0]);
        assert.ok(p50Ns !== null && p50Ns > 0, name);
      }
    }
    const cri = await connect(target.endpoint);
    try {
      assert.deepEqual((await cri.runtime.listPodSandbox({})).items, []);
    } finally {
      cri.close();
    }
  });

  test('PodReady is no shorter than the three calls that are in it', async () => {
    const [result] = await measure([target], 1);
    const least = (name: string): number =>
      result?.operations.find((operation) => operation.name === name)?.quantiles[0]?.valueNs ?? NaN;
    assert.ok(
      least('PodReady') >= least('RunPodSandbox') + least('CreateContainer') + least('StartContainer'),
      'the shortest span holds three calls, none shorter than the shortest of its kind',
    );
  });

  test('lives of pods may overlap', async () => {
    const [result] = await measure([target], 8);
    assert.deepEqual(result?.errors, []);
    assert.equal(result.operations[0]?.count, 48);
  });

  test('a container that cannot be made fails the operations that it is in, and no other', async () => {
    const [result] = await measure([{ ...target, handler: 'no-such-handler' }], 1);
    assert.equal(result?.status, 'failed');
    assert.deepEqual(
      result.operations.flatMap(({ name, failures }) => (failures > 0 ? [name] : [])),
      ['PodReady', 'RunPodSandbox'],
    );
    assert.deepEqual(
      result.errors.map(({ operation, count }) => [operation, count]),
      [['RunPodSandbox', 6]],
    );
  });
});
