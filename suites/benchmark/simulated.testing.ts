import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { runBenchmarks, type BenchmarkOptions } from '../../src/benchmark/run.ts';
import { connect, type CriClient } from '../../src/cri/client.ts';
import { Ledger } from '../../src/kit/ledger.ts';
import { thisProcess } from '../../src/kit/process-identity.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';
import type { Workload } from '../../src/kit/workload.ts';
import type { Load, WorkloadResult } from '../../src/model/workload.ts';
import { workloadResultSchema } from '../../src/model/workload.ts';
import { spawnSimulator, type SimulatorProcess } from '../../src/simulator/spawn-simulator.ts';

type Options = Partial<
  Pick<BenchmarkOptions, 'loads' | 'iterationsPerRound' | 'openRoundMs' | 'rounds' | 'profile' | 'targets'>
>;

const oneInFlight: Load = { model: 'closed', concurrency: 1 };

/** Measures workloads on targets, without a pause before each visit; every result is one that a result file may hold. */
export async function resultsOf(
  workloads: readonly Workload[],
  options: Options & Pick<BenchmarkOptions, 'targets'>,
): Promise<readonly WorkloadResult[]> {
  const results: WorkloadResult[] = [];
  await runBenchmarks({
    workloads,
    loads: [oneInFlight],
    rounds: 2,
    iterationsPerRound: 3,
    seed: 1,
    signal: new AbortController().signal,
    settleMs: 0,
    emit: (event) => {
      if (event.type === 'workload-finished') results.push(workloadResultSchema.parse(event.result));
    },
    ...options,
  });
  return results;
}

/** That every call succeeded and every operation and measure has a figure, but for those that are named. */
export function assertMeasured(result: WorkloadResult | undefined, except: readonly string[] = []): void {
  assert.ok(result !== undefined, 'there is a result');
  assert.deepEqual(result.errors, [], result.reason);
  assert.equal(result.status, 'measured');
  for (const { name, count, failures } of result.operations) {
    assert.equal(failures, 0, name);
    assert.equal(count > 0, !except.includes(name), `${name} of ${result.id}`);
  }
  for (const { name, median } of result.measures) assert.equal(median !== null, !except.includes(name), name);
}

/** A simulator in a process of its own and a registry that has every image, for the tests of one file. */
export class Simulated {
  #home = '';
  #target: TargetContext | undefined;
  #simulator: SimulatorProcess | undefined;
  readonly #registry = registryOfEverything();

  constructor() {
    before(() => this.#start());
    after(() => this.#stop());
  }

  get target(): TargetContext {
    assert.ok(this.#target);
    return this.#target;
  }

  measure(workloads: readonly Workload[], options: Options = {}): Promise<readonly WorkloadResult[]> {
    return resultsOf(workloads, { targets: [this.target], ...options });
  }

  async asked<T>(question: (cri: CriClient) => Promise<T>): Promise<T> {
    const cri = await connect(this.target.endpoint);
    try {
      return await question(cri);
    } finally {
      cri.close();
    }
  }

  async assertNoPods(): Promise<void> {
    assert.deepEqual((await this.asked(({ runtime }) => runtime.listPodSandbox({}))).items, []);
  }

  async #start(): Promise<void> {
    this.#home = mkdtempSync(join(tmpdir(), 'crible-workloads-'));
    process.env['CRIBLE_HOME'] = this.#home;
    const runId = 'workloads-test';
    Ledger.create(runId);
    this.#simulator = await spawnSimulator();
    await new Promise<void>((resolve) => this.#registry.listen(0, '127.0.0.1', resolve));
    const address = this.#registry.address();
    assert.ok(address !== null && typeof address === 'object');
    this.#target = {
      runId,
      owner: thisProcess(),
      name: 'sim',
      endpoint: this.#simulator.endpoint,
      handler: '',
      features: ['host-files', 'loopback-registry', 'rpc:ListPodSandboxStats', 'streams'].map((name) => ({
        name,
        present: true,
        detail: 'so it is with a simulator',
      })),
      cgroupDriver: 'unknown',
      images: { prefix: `127.0.0.1:${String(address.port)}/crible`, loopback: true },
      foreignClients: false,
    };
  }

  async #stop(): Promise<void> {
    await this.#simulator?.stop();
    this.#registry.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** An image of its own under every name, enough for a runtime that runs no processes. */
function registryOfEverything(): Server {
  return createServer((request, response) => {
    const [, repository = '', kind] = /^\/v2\/(.*)\/(manifests|blobs)\//.exec(request.url ?? '') ?? [];
    const config = { Cmd: ['sh'], Labels: { repository } };
    const configuration = JSON.stringify({ architecture: 'amd64', os: 'linux', config, rootfs: {} });
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
    const [type, body] =
      kind === 'manifests'
        ? ['application/vnd.oci.image.manifest.v1+json', manifest]
        : ['application/octet-stream', configuration];
    response.writeHead(200, { 'Content-Type': type, 'Docker-Content-Digest': digestOf(body) });
    response.end(body);
  });
}
