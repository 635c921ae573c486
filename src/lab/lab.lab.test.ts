import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { connect, type CriClient } from '../cri/client.ts';
import { cgroupLayout, removeCgroup } from '../kit/cgroup.ts';
import { fixtureReference, mintReference } from '../kit/fixture-images.ts';
import { requireHandler, type Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { labName } from './lab-name.ts';
import { isRunning, signalProcess } from './lab-process.ts';
import { labLeftovers, listLabs, releaseLab, stopLab, stopStaleLabs } from './labs.ts';
import { startLab } from './start-lab.ts';

const impossible = process.platform !== 'linux' ? 'needs Linux' : process.geteuid?.() !== 0 ? 'needs root' : undefined;
if (impossible !== undefined) console.log(`# labs of real runtimes are not tested: ${impossible}`);

const spec = { runtime: 'containerd' };
const runId = `test-${String(process.pid)}`;
const cgroupParent = `/crible-${runId}/pod`;
const namespaceOptions = { network: 0, pid: 1, ipc: 0 };

interface RunningPod {
  readonly podSandboxId: string;
  readonly containerId: string;
  readonly processes: readonly number[];
}

/** A pod with one shell that waits, started the way the kubelet does. */
async function startPod(cri: CriClient, lab: Lab, handler: string, logs: string): Promise<RunningPod> {
  const image = `${lab.imagePrefix}/${fixtureReference('shell')}`;
  await cri.image.pullImage({ image: { image, userSpecifiedImage: image } });
  const parent = `${cgroupParent}-${handler}`;
  const sandboxConfig = {
    metadata: { name: handler, uid: `${runId}-${handler}`, namespace: `crible-${runId}`, attempt: 0 },
    hostname: handler,
    logDirectory: logs,
    linux: { cgroupParent: parent, securityContext: { namespaceOptions } },
  };
  const { podSandboxId } = await cri.runtime.runPodSandbox({ config: sandboxConfig, runtimeHandler: handler });
  const { containerId } = await cri.runtime.createContainer({
    podSandboxId,
    sandboxConfig,
    config: {
      metadata: { name: 'shell', attempt: 0 },
      image: { image, userSpecifiedImage: image },
      command: ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'],
      logPath: `${handler}.log`,
      linux: { securityContext: { namespaceOptions } },
    },
  });
  await cri.runtime.startContainer({ containerId });
  const root = cgroupLayout().roots[0] ?? '';
  const found = execFileSync('find', [join(root, parent), '-name', 'cgroup.procs', '-exec', 'cat', '{}', ';']);
  const processes = found.toString().trim().split('\n').map(Number);
  assert.ok(processes.length >= 2, 'pause and shell run in the pod’s cgroup');
  return { podSandboxId, containerId, processes };
}

async function execIn(cri: CriClient, { containerId }: RunningPod, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await cri.runtime.execSync({
    containerId,
    cmd: ['/bin/sh', '-c', script],
    timeout: 10n,
  });
  assert.equal(exitCode, 0, Buffer.from(stderr).toString());
  return Buffer.from(stdout).toString();
}

describe('lab:containerd', { skip: impossible ?? false }, () => {
  let logs = '';
  const forwarding = '/proc/sys/net/ipv4/ip_forward';
  before(() => (logs = mkdtempSync(join(tmpdir(), 'crible-lab-test-'))));
  after(() => {
    rmSync(logs, { recursive: true, force: true });
    removeCgroup(cgroupLayout(), `/crible-${runId}`);
  });

  test('runs pods with both handlers and leaves nothing', { timeout: 300_000 }, async () => {
    const forwarded = existsSync(forwarding) ? readFileSync(forwarding, 'utf8') : '';
    const lab = await startLab(spec, { owner: 'run', runId });
    try {
      assert.deepEqual([...lab.handlers].sort(), ['crun', 'runc'], lab.limits.join('\n'));
      assert.throws(() => {
        requireHandler(lab, 'kata');
      }, /no runtime handler 'kata'/);
      const cri = await connect(lab.endpoint);
      try {
        assert.equal(cri.version.runtimeVersion, lab.version);
        for (const handler of lab.handlers) {
          const pod = await startPod(cri, lab, handler, logs);
          const environment = await execIn(cri, pod, 'env');
          assert.doesNotMatch(environment, /LD_LIBRARY_PATH|CRIBLE/, 'the daemon’s environment stays with the daemon');
          const gateway = lab.subnet.replace(/0\/24$/, '1');
          assert.match(await execIn(cri, pod, `ping -c 1 -W 2 ${gateway}`), /1 packets received/);
          const status = await cri.runtime.podSandboxStatus({ podSandboxId: pod.podSandboxId });
          assert.equal(status.status?.runtimeHandler, handler);
          assert.ok(status.status.network?.ip.startsWith(lab.subnet.replace(/0\/24$/, '')));
        }
        const image = `${lab.imagePrefix}/${mintReference('lab-test', 'a')}`;
        const { imageRef } = await cri.image.pullImage({ image: { image, userSpecifiedImage: image } });
        assert.match(imageRef, /^sha256:/);
      } finally {
        cri.close();
      }
      const traces = (await labLeftovers(lab.name)).join('\n');
      for (const trace of [
        `process ${String(lab.daemon.pid)}`,
        lab.folder,
        lab.cniBridge,
        '/sys/fs/cgroup',
        'mount ',
      ]) {
        assert.ok(traces.includes(trace), `the look for leftovers sees ${trace}`);
      }
      const listed = listLabs().find(({ name }) => name === lab.name);
      assert.equal(listed?.state, 'running');
      assert.equal(listed.ownerAlive, true);
      assert.ok(!(await stopStaleLabs()).includes(lab.name), 'a lab whose owner lives is not stale');
    } finally {
      await releaseLab(lab);
    }
    assert.deepEqual(await labLeftovers(lab.name), []);
    assert.equal(readFileSync(forwarding, 'utf8'), forwarded, 'the machine’s forwarding is as it was');
    await assert.rejects(
      () => stopLab(lab.name),
      (error) => error instanceof LabError && error.kind === 'unknown-lab',
    );
  });

  test('is removed after its daemon was killed with pods running', { timeout: 120_000 }, async () => {
    const lab = await startLab(spec, { owner: 'run', runId });
    const cri = await connect(lab.endpoint);
    const pods: RunningPod[] = [];
    for (const handler of lab.handlers) pods.push(await startPod(cri, lab, handler, logs));
    cri.close();
    signalProcess(lab.daemon.pid, 'SIGKILL');
    const processes = pods.flatMap((pod) => pod.processes);
    await sleep(200);
    assert.ok(processes.every(isRunning), 'pods outlive the daemon');
    assert.equal(listLabs().find(({ name }) => name === lab.name)?.state, 'dead');
    await stopLab(lab.name);
    assert.deepEqual(await labLeftovers(lab.name), []);
    assert.deepEqual(processes.filter(isRunning), []);
    assert.deepEqual(removeCgroup(cgroupLayout(), `/crible-${runId}`), []);
  });

  test('a start that is killed at any moment is cleaned up as stale', { timeout: 120_000 }, async () => {
    const lab = labName(spec, `killed-${runId}`);
    const script = `
      const { startLab } = await import(${JSON.stringify(new URL('./start-lab.ts', import.meta.url).href)});
      process.stdout.write('begun ');
      await startLab(${JSON.stringify(spec)}, { owner: 'run', runId: ${JSON.stringify(`killed-${runId}`)} });
      process.stdout.write('up ');
      setInterval(() => {}, 1000);`;
    for (const delayMs of [30, 120, 210, 300, 390, Infinity]) {
      const child = spawn(process.execPath, [...process.execArgv, '--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = new Promise((resolve) => child.once('exit', resolve));
      let said = '';
      for await (const chunk of child.stdout) {
        said += String(chunk);
        if (said.includes('begun') && delayMs !== Infinity) break;
        if (said.includes('up')) break;
      }
      if (delayMs !== Infinity) await sleep(delayMs);
      child.kill('SIGKILL');
      await exited;
      const gone = await stopStaleLabs();
      assert.ok(delayMs !== Infinity || (said.includes('up') && gone.includes(lab)), 'a lab that ran was stale');
      assert.deepEqual(await labLeftovers(lab), [], `killed after ${String(delayMs)} ms`);
    }
  });

  test('a run uses the user’s lab and leaves it running', { timeout: 120_000 }, async () => {
    const own = { ...spec, instance: String(process.pid) };
    const users = await startLab(own, { owner: 'user' });
    try {
      const runs = await startLab(own, { owner: 'run', runId });
      assert.equal(runs.endpoint, users.endpoint);
      await releaseLab(runs);
      assert.equal(listLabs().find(({ name }) => name === users.name)?.state, 'running');
      assert.equal((await startLab(own, { owner: 'user' })).daemon.pid, users.daemon.pid, 'starting again finds it');
    } finally {
      await stopLab(users.name);
    }
    assert.deepEqual(await labLeftovers(users.name), []);
  });

  test('an interrupted start leaves nothing', { timeout: 60_000 }, async () => {
    const interrupted = `interrupted-${runId}`;
    const starting = startLab(spec, { owner: 'run', runId: interrupted, signal: AbortSignal.timeout(150) });
    await assert.rejects(starting, (error) => error instanceof LabError && error.kind === 'aborted');
    assert.deepEqual(await labLeftovers(labName(spec, interrupted)), []);
  });
});
