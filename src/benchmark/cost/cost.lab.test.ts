import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { connect, type CriClient } from '../../cri/client.ts';
import { Created } from '../../kit/created.ts';
import { Given, type Container } from '../../kit/given.ts';
import { Ledger } from '../../kit/ledger.ts';
import { machineFactors } from '../../kit/machine-factors.ts';
import { probeTarget } from '../../kit/probe.ts';
import { removeHostTraces } from '../../kit/sweep.ts';
import type { TargetContext } from '../../kit/target-context.ts';
import type { Lab } from '../../lab/lab.ts';
import { releaseLab } from '../../lab/labs.ts';
import { startLab } from '../../lab/start-lab.ts';
import type { Cost } from '../../model/cost.ts';
import { hostTraces, leaked, settledTraces } from './host-traces.ts';
import { memoryOf, type RuntimeMemory } from './memory.ts';
import { startMeter } from './meter.ts';
import { findRuntime } from './runtime-processes.ts';
import { slopeOverPods } from './slope.ts';

const impossible = process.platform !== 'linux' ? 'needs Linux' : process.geteuid?.() !== 0 ? 'needs root' : undefined;
const runId = `test-cost-${String(process.pid)}`;
const signal = new AbortController().signal;
const ms = 1_000_000;

function memory(target: TargetContext): RuntimeMemory {
  const found = memoryOf(target);
  assert.ok(found.ok, JSON.stringify(found));
  return found.memory;
}

/** Runs work between the meter's start and stop. */
async function measured(
  target: TargetContext,
  containers: 'idle' | 'working',
  work: () => Promise<void> | void,
): Promise<Cost> {
  const meter = await startMeter(target, { containers });
  await work();
  return meter.stop();
}

describe('cost on lab:containerd', { skip: impossible ?? false, timeout: 240_000 }, () => {
  let lab: Lab;
  let bare: CriClient;
  let cri: CriClient;
  let target: TargetContext;
  let given: Given;
  let created: Created;

  before(async () => {
    lab = await startLab({ runtime: 'containerd' }, { owner: 'run', runId });
    bare = await connect(lab.endpoint);
    const images = { prefix: lab.imagePrefix, loopback: true };
    const probed = await probeTarget(bare, {
      ...{ runId, name: 'lab', spec: 'lab:containerd', hostId: 'h', handler: 'runc', images },
      ...{ besideKubelet: false, signal },
    });
    target = probed.context;
    created = new Created(target, 'cost');
    cri = bare.observedBy(created.observe);
    given = new Given(cri, target, Ledger.join(runId), 'cost', signal);
    await given.image('shell:1');
  });
  after(async () => {
    await created.remove(cri);
    bare.close();
    await releaseLab(lab);
    removeHostTraces(runId);
  });

  async function pods(count: number): Promise<readonly Container[]> {
    const made: Container[] = [];
    for (let index = 0; index < count; index++) made.push(await given.startedContainer(await given.podSandbox()));
    return made;
  }

  test('the daemon is found by its socket, in a mount namespace of its own and with shims in its cgroup', async () => {
    const found = findRuntime(target);
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual(
      found.runtime.daemons.map(({ pid }) => pid),
      [lab.daemon.pid],
    );
    const before = hostTraces(target);
    await pods(1);
    const shims = hostTraces(target);
    assert.equal((shims.monitors ?? 0) - (before.monitors ?? 0), 1, 'one shim a pod');
    assert.equal(shims.processes, before.processes, 'which is in the daemon’s cgroup and nothing else is');
  });

  test('five pods cost CPU time of the daemon’s cgroup and of the pods’, and memory by the pod', async () => {
    const points = [memory(target)];
    const cost = await measured(target, 'idle', async () => {
      for (let index = 0; index < 5; index++) {
        await pods(1);
        points.push(memory(target));
      }
    });
    assert.equal((points[5]?.monitors.count ?? 0) - (points[0]?.monitors.count ?? 0), 5);
    const first = points[0]?.monitors.count ?? 0;
    const slope = slopeOverPods(
      points.map(({ monitors }, pods) => ({ pods: first + pods, bytes: monitors.writtenBytes })),
    );
    // A shim of containerd 1.6 has 2.5 to 2.8 MB to itself; RSS would say 13, private plus Pss_Anon as a sum 5.
    assert.ok(slope && slope.bytesPerPod > 1.5e6 && slope.bytesPerPod < 4.5e6, JSON.stringify(slope));
    assert.ok((points[5]?.daemon.rssBytes ?? 0) > 10e6);

    const { daemonCpuNs, daemonProcessCpuNs, podsCpuNs, runtimeCpuNs, machineBusyNs, unexplainedCpuNs } = cost;
    assert.ok(daemonCpuNs !== null && daemonProcessCpuNs !== null && podsCpuNs !== null, JSON.stringify(cost));
    assert.ok(daemonCpuNs > 100 * ms && podsCpuNs > 20 * ms);
    assert.ok(daemonCpuNs > 2 * daemonProcessCpuNs, 'most of the work is that of short-lived processes');
    assert.equal(runtimeCpuNs, daemonCpuNs + podsCpuNs, 'nothing is subtracted where containers are idle');
    assert.ok(machineBusyNs !== null && unexplainedCpuNs !== null && cost.registryCpuNs !== null);
    assert.equal(unexplainedCpuNs, machineBusyNs - daemonCpuNs - podsCpuNs - cost.cribleCpuNs - cost.registryCpuNs);
    const ticks = 2 * 10 * ms * 8;
    assert.ok(unexplainedCpuNs > -0.05 * machineBusyNs - ticks, 'the parties cannot have worked more than the machine');
    assert.ok(
      cost.cribleCpuNs < 0.6 * machineBusyNs,
      'the lab’s daemon is a child of crible and not counted as crible',
    );
    assert.deepEqual(
      cost.unknown.map(({ figure }) => figure),
      ['workloadCpuNs'],
    );
    assert.ok((cost.daemonDescriptors ?? 0) > 10 && (cost.daemonCgroupBytes ?? 0) > 10e6);
  });

  test('what burns in a container is the workload’s', async () => {
    const [container] = await pods(1);
    const burn = 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done';
    const exec = async (): Promise<void> => {
      const { exitCode } = await cri.runtime.execSync({
        containerId: container?.id ?? '',
        cmd: ['sh', '-c', burn],
        timeout: 60n,
      });
      assert.equal(exitCode, 0);
    };
    const cost = await measured(target, 'working', exec);
    assert.ok(cost.workloadCpuNs !== null && cost.workloadCpuNs > 150 * ms, JSON.stringify(cost));
    assert.ok(cost.runtimeCpuNs !== null && cost.runtimeCpuNs < cost.workloadCpuNs, JSON.stringify(cost));
    assert.ok(cost.cribleCpuNs < cost.workloadCpuNs);
    const idle = await measured(target, 'working', () => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.ok((idle.workloadCpuNs ?? Infinity) < 20 * ms, 'and a container that sleeps uses nothing');
  });

  test('what crible burns is crible’s, and what its registry burns is the registry’s', async () => {
    const own = process.cpuUsage();
    const cost = await measured(target, 'idle', () => {
      // By its own clock: how long that takes is a matter of who else is at work.
      while (process.cpuUsage(own).user < 150_000);
    });
    const { user, system } = process.cpuUsage(own);
    assert.ok(
      cost.cribleCpuNs > 100 * ms && cost.cribleCpuNs <= (user + system) * 1000 + 10 * ms,
      JSON.stringify(cost),
    );
    assert.ok((cost.runtimeCpuNs ?? Infinity) < 50 * ms, JSON.stringify(cost));
    const pull = await measured(target, 'idle', async () => {
      await given.image('layers-big:1');
    });
    assert.ok((pull.registryCpuNs ?? 0) > 1 * ms, JSON.stringify(pull));
  });

  test('both ends of a measurement are short', async () => {
    const starts: number[] = [];
    const stops: number[] = [];
    for (let index = 0; index < 9; index++) {
      const begun = performance.now();
      const meter = await startMeter(target, { containers: 'working' });
      starts.push(performance.now() - begun);
      const ended = performance.now();
      await meter.stop();
      stops.push(performance.now() - ended);
    }
    const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[4] ?? Infinity;
    assert.ok(median(starts) < 60 && median(stops) < 40, JSON.stringify({ starts, stops }));
  });

  test('pods that are gone leave nothing, a pod that stays is seen', async () => {
    const before = hostTraces(target);
    for (const [trace, value] of Object.entries(before)) assert.notEqual(value, null, `${trace} is visible here`);
    const scope = new Created(target, 'cost-gone');
    const observed = bare.observedBy(scope.observe);
    const gone = new Given(observed, target, Ledger.join(runId), 'cost-gone', signal);
    await gone.startedContainer(await gone.podSandbox());
    const stays = leaked(before, hostTraces(target)).join('\n');
    for (const what of ['shims', 'mounts', 'network namespaces', 'cgroups of containers', 'descriptors']) {
      assert.ok(stays.includes(what), `${what} in: ${stays}`);
    }
    assert.deepEqual(await scope.remove(observed), []);
    assert.deepEqual(leaked(before, await settledTraces(target, before, 10_000)), []);
  });

  test('the factors of a lab are told', async () => {
    const ask = { handler: 'crun', images: target.images, imageNames: ['shell:1', 'absent:1'] };
    const factors = await machineFactors(bare, {
      ...ask,
      ...{ binaries: lab.provenance, local: true, pageCacheDropped: false },
    });
    assert.match(factors['lowLevelRuntime'] ?? '', /^crun \d/);
    assert.deepEqual(
      { ...factors, lowLevelRuntime: '', 'image shell:1': '' },
      { cni: 'bridge + portmap', storage: 'overlay', lowLevelRuntime: '', pageCache: 'as found', 'image shell:1': '' },
    );
    const asked = await machineFactors(bare, {
      ...{ ...ask, handler: 'runc' },
      ...{ binaries: [], local: true, pageCacheDropped: true },
    });
    assert.match(asked['lowLevelRuntime'] ?? '', /^runc \d/, 'runc itself was asked');
    assert.match(factors['image shell:1'] ?? '', /^sha256:/);
  });

  test('a daemon that died is told as such', async () => {
    const startTime = readFileSync(`/proc/${String(lab.daemon.pid)}/stat`, 'utf8');
    assert.ok(startTime.includes('containerd'), 'the process is the lab’s daemon');
    const meter = await startMeter(target, { containers: 'working' });
    process.kill(lab.daemon.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const cost = await meter.stop();
    assert.equal(cost.daemonRssBytes, null);
    assert.match(JSON.stringify(cost.unknown), /daemon has ended|ended or was started anew/);
    assert.equal(memoryOf(target).ok, false);
    assert.match(JSON.stringify(findRuntime(target)), /no process of this machine listens/);
  });
});
