import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { cgroupLayout, removeCgroup } from '../../kit/cgroup.ts';
import { fixtureReference } from '../../kit/fixture-images.ts';
import type { Lab } from '../../lab/lab.ts';
import { signalProcess } from '../../lab/lab-process.ts';
import { releaseLab } from '../../lab/labs.ts';
import { startLab } from '../../lab/start-lab.ts';
import { connect } from '../client.ts';
import type { CriClient } from '../client.ts';
import { CriError } from '../error.ts';
import { ImageService, RuntimeService } from '../messages.ts';
import type { CallRecord } from '../record.ts';

const impossible = process.platform !== 'linux' ? 'needs Linux' : process.geteuid?.() !== 0 ? 'needs root' : undefined;
const runId = `frames-${String(process.pid)}`;
const namespaceOptions = { network: 0, pid: 1, ipc: 0 };
const transports = ['grpc-js', 'frames'] as const;

interface Told {
  readonly code: string;
  readonly details: string;
}

/** A call's answer, or what its error says. */
async function fate(call: Promise<unknown>): Promise<unknown> {
  return await call.catch((error: unknown): Told => {
    assert.ok(error instanceof CriError, String(error));
    return { code: error.code, details: error.details };
  });
}

/** Calls every RPC that a pod's life has use for, and tells what became of each, ids aside. */
async function live(client: CriClient, lab: Lab, name: string, logs: string): Promise<string[]> {
  const told: string[] = [];
  const ids = new Map<string, string>();
  const cri = client.observedBy((call: CallRecord) => {
    assert.ok(call.startedAtNs > 0n && call.durationNs >= 0, call.rpc);
    const { outcome } = call;
    let text = `${call.rpc} ${outcome === 'failed' ? `${call.error.code}: ${call.error.details}` : outcome}`;
    for (const [id, word] of ids) text = text.replaceAll(id, word);
    told.push(text);
  });
  const image = { image: `${lab.imagePrefix}/${fixtureReference('shell')}` };
  const { imageRef } = await cri.image.pullImage({ image });
  assert.ok((await cri.image.imageStatus({ image })).image?.id);
  assert.ok((await cri.image.listImages({})).images.length > 0);
  await cri.image.imageFsInfo({});
  await fate(cri.runtime.version({}));
  await fate(cri.runtime.status({ verbose: true }));
  await fate(cri.runtime.runtimeConfig({}));
  await fate(cri.runtime.updateRuntimeConfig({ runtimeConfig: {} }));
  await fate(cri.runtime.listMetricDescriptors({}));
  await fate(cri.runtime.listPodSandboxMetrics({}));
  await fate(cri.runtime.checkpointPod({}));
  await fate(cri.runtime.restorePod({}));

  const sandboxConfig = {
    metadata: { name, uid: `${runId}-${name}`, namespace: `crible-${runId}`, attempt: 0 },
    hostname: 'pod',
    logDirectory: logs,
    linux: { cgroupParent: `/crible-${runId}/pod-${name}`, securityContext: { namespaceOptions } },
  };
  const { podSandboxId } = await cri.runtime.runPodSandbox({ config: sandboxConfig });
  ids.set(podSandboxId, 'POD');
  await cri.runtime.podSandboxStatus({ podSandboxId });
  assert.equal((await cri.runtime.listPodSandbox({ filter: { id: podSandboxId } })).items.length, 1);
  await fate(cri.runtime.podSandboxStats({ podSandboxId }));
  await fate(cri.runtime.listPodSandboxStats({}));
  await fate(cri.runtime.updatePodSandboxResources({ podSandboxId }));
  await fate(cri.runtime.portForward({ podSandboxId, port: [80] }));
  const { containerId } = await cri.runtime.createContainer({
    podSandboxId,
    sandboxConfig,
    config: {
      metadata: { name: 'shell', attempt: 0 },
      image,
      command: ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'],
      logPath: `${name}.log`,
      linux: { securityContext: { namespaceOptions } },
    },
  });
  ids.set(containerId, 'CONTAINER');
  await cri.runtime.startContainer({ containerId });
  await fate(cri.runtime.startContainer({ containerId }));
  await cri.runtime.containerStatus({ containerId, verbose: true });
  assert.equal((await cri.runtime.listContainers({ filter: { id: containerId } })).containers.length, 1);
  await fate(cri.runtime.containerStats({ containerId }));
  await fate(cri.runtime.listContainerStats({}));
  await fate(cri.runtime.updateContainerResources({ containerId, linux: { cpuShares: 512n } }));
  await fate(cri.runtime.reopenContainerLog({ containerId }));
  await fate(cri.runtime.checkpointContainer({ containerId }));
  assert.ok((await cri.runtime.exec({ containerId, cmd: ['true'], stdout: true })).url);
  assert.ok((await cri.runtime.attach({ containerId, stdout: true })).url);
  const script = 'head -c 15000000 /dev/zero | tr "\\0" x; echo err >&2; exit 7';
  const executed = await cri.runtime.execSync({ containerId, cmd: ['/bin/sh', '-c', script], timeout: 60n });
  assert.equal(executed.stdout.length, 15_000_000);
  assert.ok(Buffer.from(executed.stdout).equals(Buffer.alloc(15_000_000, 'x')));
  assert.deepEqual([Buffer.from(executed.stderr).toString(), executed.exitCode], ['err\n', 7]);
  const waiting = { containerId, cmd: ['sleep', '5'] };
  await fate(cri.runtime.execSync(waiting, { deadlineMs: 200 }));
  await fate(cri.runtime.execSync(waiting, { signal: AbortSignal.timeout(200) }));
  await cri.runtime.stopContainer({ containerId, timeout: 5n });
  await cri.runtime.removeContainer({ containerId });
  await fate(cri.runtime.containerStatus({ containerId }));
  await cri.runtime.stopPodSandbox({ podSandboxId });
  await cri.runtime.removePodSandbox({ podSandboxId });
  await cri.image.removeImage({ image: { image: imageRef } });
  // Near a deadline either side may be the first to say so, each in its own words.
  return told.map((text) => text.replace(/DeadlineExceeded: .*/s, 'DeadlineExceeded'));
}

describe('frames and grpc-js on containerd', { skip: impossible ?? false }, () => {
  let lab: Lab;
  let clients: CriClient[] = [];
  let logs = '';
  before(async () => {
    logs = mkdtempSync(join(tmpdir(), 'crible-frames-lab-'));
    lab = await startLab({ runtime: 'containerd' }, { owner: 'run', runId });
    clients = await Promise.all(transports.map((transport) => connect(lab.endpoint, { transport })));
  });
  after(async () => {
    for (const client of clients) client.close();
    await releaseLab(lab);
    removeCgroup(cgroupLayout(), `/crible-${runId}`);
    rmSync(logs, { recursive: true, force: true });
  });

  test('a pod’s life by every unary RPC of the CRI is the same', { timeout: 200_000 }, async () => {
    const lives: string[][] = [];
    for (const [at, client] of clients.entries()) lives.push(await live(client, lab, `pod${String(at)}`, logs));
    const [grpc, frames] = lives.map((told) => told.map((text) => text.replaceAll(/pod[01]/g, 'NAME')));
    assert.deepEqual(frames, grpc);
    const called = new Set(frames?.map((text) => text.split(' ')[0]));
    const unary = [...RuntimeService.methods, ...ImageService.methods].filter(
      (method) => method.methodKind === 'unary',
    );
    assert.deepEqual(
      unary.map(({ name }) => name).filter((name) => !called.has(name)),
      [],
    );
    for (const code of ['answered', 'NotFound', 'DeadlineExceeded', 'Canceled', 'Unimplemented']) {
      assert.ok(
        frames?.some((text) => text.includes(` ${code}`)),
        `${code} was among what happened`,
      );
    }
  });

  test('every unary RPC on what does not exist answers the same, word for word', { timeout: 100_000 }, async () => {
    const gone = 'größe 100% 容器\n';
    for (const service of [RuntimeService, ImageService]) {
      for (const method of service.methods.filter(({ methodKind }) => methodKind === 'unary')) {
        const named = method.input.fields.filter(({ localName }) => /^(podSandbox|container)Id$/.test(localName));
        const request = Object.fromEntries(named.map(({ localName }) => [localName, gone]));
        const fates: unknown[] = [];
        for (const client of clients) {
          const calls: object = service === RuntimeService ? client.runtime : client.image;
          const call = Object.entries(calls).find(([key]) => key === method.localName)?.[1] as (
            of: object,
          ) => Promise<unknown>;
          fates.push(await fate(call(request)));
        }
        // What is counted or measured anew is another with every call.
        if (/Stats|FsInfo/.test(method.name)) continue;
        assert.deepEqual(fates[1], fates[0], method.name);
      }
    }
  });

  test('a thousand calls, many at a time', { timeout: 100_000 }, async () => {
    for (const client of clients) {
      const answers = await Promise.all(Array.from({ length: 1000 }, () => client.runtime.version({})));
      assert.ok(answers.every(({ runtimeVersion }) => runtimeVersion === lab.version));
    }
  });

  test('a runtime that is killed in mid-call makes it Unavailable', { timeout: 60_000 }, async () => {
    // Stopped first, so that it cannot answer before it dies.
    signalProcess(lab.daemon.pid, 'SIGSTOP');
    const inFlight = clients.map((client) => fate(client.runtime.version({})));
    await sleep(50);
    signalProcess(lab.daemon.pid, 'SIGKILL');
    for (const told of await Promise.all(inFlight)) {
      assert.equal((told as Told).code, 'Unavailable');
    }
    for (const client of clients) {
      const told = (await fate(client.runtime.version({}))) as Told;
      assert.equal(told.code, 'Unavailable');
    }
  });
});
