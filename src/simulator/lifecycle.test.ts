import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import { z } from 'zod';
import { ContainerState, NamespaceMode, PodSandboxState } from '../cri/messages.ts';
import { Subject, waitForTerm, withCode } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const nobody = 'f'.repeat(64);

test('a pod sandbox is ready, stopped, removed; stopping and removing again changes nothing', async () => {
  const podSandboxId = await subject.pod({ labels: { app: 'a' }, annotations: { note: 'x' } });
  const { status: ready } = await runtime.podSandboxStatus({ podSandboxId });
  assert.match(podSandboxId, /^[0-9a-f]{64}$/);
  assert.equal(ready?.state, PodSandboxState.SANDBOX_READY);
  assert.equal(isIP(ready.network?.ip ?? ''), 6);
  assert.deepEqual([ready.labels, ready.annotations], [{ app: 'a' }, { note: 'x' }]);
  for (let times = 0; times < 2; times += 1) {
    await runtime.stopPodSandbox({ podSandboxId });
    const { status } = await runtime.podSandboxStatus({ podSandboxId });
    assert.equal(status?.state, PodSandboxState.SANDBOX_NOTREADY);
    assert.deepEqual([status.createdAt, status.network?.ip], [ready.createdAt, '']);
  }
  for (let times = 0; times < 2; times += 1) await runtime.removePodSandbox({ podSandboxId });
  await assert.rejects(runtime.podSandboxStatus({ podSandboxId }), withCode('NotFound'));
  await runtime.stopPodSandbox({ podSandboxId });
});

test('RunPodSandbox refuses what is incomplete, unknown or there already', async () => {
  const config = subject.podConfig();
  const noUid = { name: 'a', namespace: 'b' };
  await assert.rejects(runtime.runPodSandbox({}), withCode('InvalidArgument'));
  await assert.rejects(runtime.runPodSandbox({ config: { metadata: noUid } }), withCode('InvalidArgument'));
  await assert.rejects(runtime.runPodSandbox({ config, runtimeHandler: 'nope' }), withCode('InvalidArgument'));
  const groupAlone = { securityContext: { runAsGroup: { value: 1n } } };
  await assert.rejects(subject.pod({ linux: groupAlone }), withCode('InvalidArgument'));

  const { podSandboxId } = await runtime.runPodSandbox({ config, runtimeHandler: 'simulated' });
  assert.equal((await runtime.podSandboxStatus({ podSandboxId })).status?.runtimeHandler, 'simulated');
  await assert.rejects(runtime.runPodSandbox({ config }), withCode('AlreadyExists'));
  await runtime.stopPodSandbox({ podSandboxId });
  await assert.rejects(runtime.runPodSandbox({ config }), withCode('AlreadyExists'));
  await runtime.removePodSandbox({ podSandboxId });
  await runtime.runPodSandbox({ config });
});

test('in the node network a pod has no address, and each other pod has its own', async () => {
  const network = NamespaceMode.NODE;
  const ids = [
    await subject.pod(),
    await subject.pod(),
    await subject.pod({ linux: { securityContext: { namespaceOptions: { network } } } }),
  ];
  const statuses = await Promise.all(ids.map((podSandboxId) => runtime.podSandboxStatus({ podSandboxId })));
  const addresses = statuses.map(({ status }) => status?.network?.ip ?? '');
  assert.equal(addresses[2], '');
  assert.equal(new Set(addresses).size, 3);
  assert.equal(statuses[2]?.status?.linux?.namespaces?.options?.network, network);
});

test('a container is created, runs, exits, each with its time', async () => {
  const pod = await subject.pod();
  const containerId = await subject.container(pod, { labels: { a: 'b' }, annotations: { c: 'd' } });
  const created = await subject.status(containerId);
  assert.equal(created.state, ContainerState.CONTAINER_CREATED);
  assert.deepEqual([created.startedAt, created.finishedAt, created.reason], [0n, 0n, '']);
  assert.deepEqual([created.labels, created.annotations], [{ a: 'b' }, { c: 'd' }]);

  await runtime.startContainer({ containerId });
  const running = await subject.status(containerId);
  assert.equal(running.state, ContainerState.CONTAINER_RUNNING);
  assert.ok(created.createdAt < running.startedAt && running.finishedAt === 0n);

  await runtime.stopContainer({ containerId, timeout: 10n });
  const exited = await subject.status(containerId);
  assert.equal(exited.state, ContainerState.CONTAINER_EXITED);
  assert.deepEqual([exited.exitCode, exited.reason], [0, 'Completed']);
  assert.deepEqual([exited.createdAt, exited.startedAt], [created.createdAt, running.startedAt]);
  assert.ok(exited.finishedAt > exited.startedAt);

  await runtime.stopContainer({ containerId });
  for (let times = 0; times < 2; times += 1) await runtime.removeContainer({ containerId });
  await assert.rejects(subject.status(containerId), withCode('NotFound'));
});

test('a container starts once, and only in a ready sandbox', async () => {
  const pod = await subject.pod();
  const containerId = await subject.started(pod, { command: ['true'] });
  await subject.exited(containerId);
  await assert.rejects(runtime.startContainer({ containerId }), withCode('FailedPrecondition'));
  const running = await subject.started(pod);
  await assert.rejects(runtime.startContainer({ containerId: running }), withCode('FailedPrecondition'));
  const late = await subject.container(pod);
  await runtime.stopPodSandbox({ podSandboxId: pod });
  await assert.rejects(runtime.startContainer({ containerId: late }), withCode('FailedPrecondition'));
  await assert.rejects(subject.container(pod), withCode('FailedPrecondition'));
});

test('exit codes and reasons', async () => {
  const pod = await subject.pod();
  const end = async (...command: string[]) => {
    const { exitCode, reason } = await subject.exited(await subject.started(pod, { command }));
    return [exitCode, reason];
  };
  assert.deepEqual(await end('true'), [0, 'Completed']);
  assert.deepEqual(await end('false'), [1, 'Error']);
  assert.deepEqual(await end('sh', '-c', 'exit 3'), [3, 'Error']);
  const missing = await subject.container(pod, { command: ['/no/such'] });
  await assert.rejects(runtime.startContainer({ containerId: missing }), withCode('Unknown'));
  const { state, startedAt, exitCode, reason, message } = await subject.status(missing);
  assert.deepEqual([state, startedAt, exitCode, reason], [ContainerState.CONTAINER_EXITED, 0n, 128, 'StartError']);
  assert.match(message, /no\/such/);
  await runtime.removeContainer({ containerId: missing });
});

test('what does not heed the stop signal is killed when its grace period is over', async () => {
  const pod = await subject.pod();
  const stubborn = await subject.started(pod, { command: ['sleep', '3600'] });
  const long = runtime.stopContainer({ containerId: stubborn, timeout: 3600n });
  const startedAtMs = performance.now();
  await runtime.stopContainer({ containerId: stubborn, timeout: 1n });
  await long;
  const elapsedMs = performance.now() - startedAtMs;
  assert.ok(elapsedMs > 990 && elapsedMs < 3000, `${String(elapsedMs)} ms`);
  const killed = await subject.status(stubborn);
  assert.deepEqual([killed.exitCode, killed.reason], [137, 'Error']);

  const inPodNamespace = { linux: { securityContext: { namespaceOptions: { pid: NamespaceMode.POD } } } };
  const ordinary = await subject.started(pod, { command: ['sleep', '3600'], ...inPodNamespace });
  await runtime.stopContainer({ containerId: ordinary, timeout: 60n });
  assert.equal((await subject.status(ordinary)).exitCode, 143);
});

test('stopping and removing a pod sandbox takes its containers along', async () => {
  const podSandboxId = await subject.pod();
  const running = await subject.started(podSandboxId, { command: ['sleep', '3600'] });
  const created = await subject.container(podSandboxId);
  const other = await subject.started(await subject.pod());
  await runtime.stopPodSandbox({ podSandboxId });
  assert.equal((await subject.status(running)).exitCode, 137);
  assert.equal((await subject.status(created)).state, ContainerState.CONTAINER_CREATED);
  await runtime.removePodSandbox({ podSandboxId });
  assert.deepEqual((await runtime.listContainers({ filter: { podSandboxId } })).containers, []);
  await assert.rejects(subject.status(created), withCode('NotFound'));
  assert.equal((await subject.status(other)).state, ContainerState.CONTAINER_RUNNING);
});

test('a name and attempt can be had once in a sandbox, until the container is removed', async () => {
  const pod = await subject.pod();
  const metadata = { name: 'main', attempt: 0 };
  const containerId = await subject.started(pod, { metadata });
  await assert.rejects(subject.container(pod, { metadata }), withCode('AlreadyExists'));
  await subject.container(pod, { metadata: { name: 'main', attempt: 1 } });
  await subject.container(await subject.pod(), { metadata });
  await runtime.removeContainer({ containerId });
  await subject.container(pod, { metadata });
});

test('unknown and empty ids', async () => {
  const pod = await subject.pod();
  await runtime.stopContainer({ containerId: nobody });
  await runtime.removeContainer({ containerId: nobody });
  await runtime.stopPodSandbox({ podSandboxId: nobody });
  await runtime.removePodSandbox({ podSandboxId: nobody });
  const absentImage = { metadata: { name: 'c' }, command: waitForTerm, image: { image: '127.0.0.1:1/absent:1' } };
  for (const call of [
    runtime.startContainer({ containerId: nobody }),
    runtime.containerStatus({ containerId: nobody }),
    runtime.containerStats({ containerId: nobody }),
    runtime.reopenContainerLog({ containerId: nobody }),
    runtime.updateContainerResources({ containerId: nobody }),
    runtime.execSync({ containerId: nobody, cmd: ['true'] }),
    runtime.exec({ containerId: nobody, cmd: ['true'], stdout: true }),
    runtime.attach({ containerId: nobody, stdout: true }),
    runtime.portForward({ podSandboxId: nobody }),
    runtime.podSandboxStatus({ podSandboxId: nobody }),
    runtime.podSandboxStats({ podSandboxId: nobody }),
    subject.container(nobody),
    runtime.createContainer({ podSandboxId: pod, config: absentImage }),
  ]) {
    await assert.rejects(call, withCode('NotFound'));
  }
  for (const call of [
    runtime.containerStatus({}),
    runtime.stopContainer({}),
    runtime.podSandboxStatus({}),
    runtime.removePodSandbox({}),
    runtime.createContainer({ podSandboxId: pod }),
    subject.container(pod, { metadata: { name: '' } }),
  ]) {
    await assert.rejects(call, withCode('InvalidArgument'));
  }
});

test('streams are refused for the right reason', async () => {
  const pod = await subject.pod();
  const containerId = await subject.started(pod);
  const created = await subject.container(pod);
  const cmd = ['true'];
  await assert.rejects(runtime.exec({ containerId, cmd }), withCode('InvalidArgument'));
  await assert.rejects(runtime.exec({ containerId, stdout: true }), withCode('InvalidArgument'));
  await assert.rejects(runtime.exec({ containerId, cmd, tty: true, stderr: true }), withCode('InvalidArgument'));
  await assert.rejects(runtime.attach({ containerId, tty: true, stdout: true }), withCode('InvalidArgument'));
  await assert.rejects(runtime.exec({ containerId: created, cmd, stdout: true }), withCode('FailedPrecondition'));
  await runtime.stopPodSandbox({ podSandboxId: pod });
  await assert.rejects(runtime.portForward({ podSandboxId: pod }), withCode('FailedPrecondition'));
});

test('the limits of a pod are taken over while it is ready, and shown', async () => {
  const podSandboxId = await subject.pod({ linux: { resources: { cpuShares: 512n, memoryLimitInBytes: 1n << 26n } } });
  const shown = async () => {
    const { info } = await runtime.podSandboxStatus({ podSandboxId, verbose: true });
    const schema = z.object({ overhead: z.looseObject({}), resources: z.looseObject({}) });
    const { overhead, resources } = schema.parse(JSON.parse(info['info'] ?? ''));
    return [resources['cpuShares'], resources['memoryLimitInBytes'], overhead['memoryLimitInBytes']];
  };
  assert.deepEqual(await shown(), ['512', '67108864', '0']);
  const resources = { cpuShares: 256n };
  await runtime.updatePodSandboxResources({ podSandboxId, resources, overhead: { memoryLimitInBytes: 5n } });
  assert.deepEqual(await shown(), ['256', '67108864', '5']);
  const bad = { cpuShares: 128n, memoryLimitInBytes: -5n };
  await assert.rejects(
    runtime.updatePodSandboxResources({ podSandboxId, resources: bad }),
    withCode('InvalidArgument'),
  );
  assert.deepEqual(await shown(), ['256', '67108864', '5']);
  await runtime.stopPodSandbox({ podSandboxId });
  await assert.rejects(runtime.updatePodSandboxResources({ podSandboxId }), withCode('FailedPrecondition'));
  await assert.rejects(runtime.updatePodSandboxResources({ podSandboxId: nobody }), withCode('NotFound'));
});
