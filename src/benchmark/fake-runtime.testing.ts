/** A CRI server, and a benchmark of it, for the tests beside this file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import type { Handlers } from '../cri/handler.ts';
import { serve, type CriServer } from '../cri/server.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { IterationContext, Workload } from '../kit/workload.ts';
import type { RunEvent } from '../model/event.ts';
import type { Warning } from '../model/warning.ts';
import type { Load, WorkloadDeclaration, WorkloadResult } from '../model/workload.ts';
import { runBenchmarks, type BenchmarkOptions } from './run.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'crible-benchmark-'));
  process.env['CRIBLE_HOME'] = folder;
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A CRI server that knows pods by their ids alone and does what a test tells it to do when one is run. */
export class FakeRuntime {
  readonly pods = new Map<string, { readonly labels: Record<string, string> }>();
  /** Containers that were started, each with its pod; they go when that is removed. */
  readonly started = new Map<string, string>();
  onStart: () => void = () => undefined;
  onRemove: () => void | Promise<void> = () => undefined;
  onRun: () => void | Promise<void> = () => undefined;
  onPull: () => void = () => undefined;
  runs = 0;
  readonly endpoint: string;
  #server: CriServer | undefined;

  constructor(name: string) {
    this.endpoint = `unix://${join(folder, `${name}.sock`)}`;
  }

  async start(): Promise<void> {
    this.#server = await serve(this.endpoint, this.#handlers());
  }

  /** Dies as a killed process does: without an answer to what is in flight. */
  die(): void {
    this.#server?.close();
  }

  #handlers(): Handlers {
    return {
      runtime: {
        version: () => Promise.resolve({ runtimeName: 'fake', runtimeVersion: '1', runtimeApiVersion: 'v1' }),
        runPodSandbox: async ({ config }) => {
          this.runs++;
          await this.onRun();
          const podSandboxId = `pod-${String(this.runs)}`;
          this.pods.set(podSandboxId, { labels: config?.labels ?? {} });
          return { podSandboxId };
        },
        listPodSandbox: () => Promise.resolve({ items: [...this.pods].map(([id, { labels }]) => ({ id, labels })) }),
        listContainers: () => Promise.resolve({}),
        createContainer: ({ podSandboxId }) => Promise.resolve({ containerId: `container-in-${podSandboxId}` }),
        startContainer: ({ containerId }) => {
          this.onStart();
          this.started.set(containerId, containerId.replace('container-in-', ''));
          return Promise.resolve({});
        },
        stopPodSandbox: () => Promise.resolve({}),
        removePodSandbox: async ({ podSandboxId }) => {
          await this.onRemove();
          this.pods.delete(podSandboxId);
          this.started.delete(`container-in-${podSandboxId}`);
          return {};
        },
      },
      image: {
        imageStatus: ({ image }) => Promise.resolve({ image: { id: image?.image ?? '' } }),
      },
    };
  }
}

/** A runtime that lives as long as its test, and the target that it is. */
export async function fakeTarget(t: TestContext, name: string, features: readonly string[] = []) {
  const fake = new FakeRuntime(name);
  await fake.start();
  t.after(() => {
    fake.die();
  });
  const target: TargetContext = {
    runId: 'test',
    owner: { host: 'h', pid: 1, startTime: '1' },
    name,
    endpoint: fake.endpoint,
    handler: '',
    features: features.map((feature) => ({ name: feature, present: true, detail: '' })),
    cgroupDriver: 'unknown',
    images: { prefix: 'x', loopback: false },
    foreignClients: false,
  };
  return { fake, target };
}

/** Times one RunPodSandbox. */
export const runPod = ({ given, call, signal }: IterationContext) =>
  call('RunPodSandbox', (cri) => cri.runtime.runPodSandbox({ config: given.podSandboxConfig() }, { signal }));

/** A workload that times RunPodSandbox, its primary operation, and RemovePodSandbox. */
export function workload(
  iterate: Workload['iterate'],
  more: Partial<Workload> & Partial<Pick<WorkloadDeclaration, 'needs' | 'measures' | 'primary' | 'disruptive'>> = {},
): Workload {
  const { needs = [], measures = [], primary = 'RunPodSandbox', disruptive = false, ...rest } = more;
  return {
    declaration: {
      id: 'run-and-remove',
      revision: 1,
      title: 'Run and remove',
      description: 'A pod comes and goes.',
      operations: ['RunPodSandbox', 'RemovePodSandbox'].map((name) => ({ name, description: '' })),
      ...{ measures, primary, needs, disruptive },
      profile: 'quick',
    },
    iterate,
    ...rest,
  };
}

/** Closed loads with so many in flight. */
export const closed = (...concurrency: number[]): Load[] =>
  concurrency.map((inFlight) => ({ model: 'closed', concurrency: inFlight }));

/** Leaves nothing. */
export const runAndRemove = workload(async (context) => {
  const { podSandboxId } = await runPod(context);
  await context.call('RemovePodSandbox', (cri) => cri.runtime.removePodSandbox({ podSandboxId }));
});

/** Runs a small benchmark, four rounds of three iterations unless told otherwise. */
export async function bench(
  targets: readonly TargetContext[],
  options: Partial<BenchmarkOptions> = {},
): Promise<{
  readonly events: RunEvent[];
  readonly results: readonly WorkloadResult[];
  readonly warned: readonly string[];
  readonly warnings: readonly Warning[];
}> {
  const events: RunEvent[] = [];
  await runBenchmarks({
    targets,
    workloads: [runAndRemove],
    loads: [{ model: 'closed', concurrency: 1 }],
    rounds: 4,
    iterationsPerRound: 3,
    seed: 1,
    signal: new AbortController().signal,
    settleMs: 0,
    ...options,
    emit: (event) => {
      events.push(event);
      options.emit?.(event);
    },
  });
  const results = events.flatMap((event) => (event.type === 'workload-finished' ? [event.result] : []));
  const warnings = events.flatMap((event) => (event.type === 'warned' ? [event.warning] : []));
  return { events, results, warnings, warned: warnings.map(({ kind }) => kind) };
}

export function only(results: readonly WorkloadResult[]): WorkloadResult {
  assert.equal(results.length, 1);
  const [result] = results;
  assert.ok(result);
  return result;
}

/** Name, successes and failures of each operation. */
export const counts = ({ operations }: WorkloadResult) =>
  operations.map(({ name, count, failures }) => [name, count, failures]);
