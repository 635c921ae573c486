import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MountPropagation, Signal } from '../cri/messages.ts';
import { maxOutputBytes } from './exec.ts';
import { imageName, shellImage, Subject, until, withCode } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('ExecSync answers exit code and both streams, and a command that does not end exceeds its deadline', async () => {
  const containerId = await subject.started(await subject.pod());
  const { stdout, stderr, exitCode } = await runtime.execSync({
    containerId,
    cmd: ['sh', '-c', 'echo o; echo e >&2; exit 7'],
    timeout: 5n,
  });
  assert.deepEqual([text(stdout), text(stderr), exitCode], ['o\n', 'e\n', 7]);
  const startedAtMs = performance.now();
  await assert.rejects(
    runtime.execSync({ containerId, cmd: ['sleep', '100'], timeout: 1n }),
    withCode('DeadlineExceeded'),
  );
  assert.ok(performance.now() - startedAtMs > 990);
  await assert.rejects(runtime.execSync({ containerId, cmd: [] }), withCode('InvalidArgument'));
  await assert.rejects(runtime.execSync({ containerId, cmd: ['/no/such'] }), withCode('Unknown'));
});

test('what ExecSync started does not outlive the time-out, nor the caller, nor the container', async () => {
  const pod = await subject.pod();
  const containerId = await subject.started(pod, { command: ['sleep', '3600'] });
  const processCount = async (): Promise<bigint | undefined> =>
    (await runtime.podSandboxStats({ podSandboxId: pod })).stats?.linux?.process?.processCount?.value;
  const before = await processCount();
  await assert.rejects(runtime.execSync({ containerId, cmd: ['sleep', '100'], timeout: 1n }));
  assert.equal(await processCount(), before);

  const caller = new AbortController();
  const abandoned = runtime.execSync({ containerId, cmd: ['sleep', '100'] }, { signal: caller.signal });
  await until(async () => (await processCount()) !== before);
  caller.abort();
  await assert.rejects(abandoned, withCode('Canceled'));
  await until(async () => (await processCount()) === before);

  const long = runtime.execSync({ containerId, cmd: ['sleep', '100'] });
  await until(async () => (await processCount()) !== before);
  await runtime.stopContainer({ containerId });
  assert.equal((await long).exitCode, 137);
  await assert.rejects(runtime.execSync({ containerId, cmd: ['true'] }), withCode('FailedPrecondition'));
});

test('ExecSync keeps 16 MiB of each stream', async () => {
  const containerId = await subject.started(await subject.pod());
  const { stdout, exitCode } = await runtime.execSync({ containerId, cmd: ['head', '-c', '17M', '/dev/zero'] });
  assert.deepEqual([stdout.length, exitCode], [maxOutputBytes, 0]);
});

test('the command is the config over the image, and sees the config', async () => {
  const pod = await subject.pod();
  const containerId = await subject.started(pod, {
    workingDir: '/srv',
    envs: [{ key: 'A', value: Buffer.from('b c') }],
    args: [],
    linux: { securityContext: { runAsUser: { value: 1005n }, supplementalGroups: [7n] } },
  });
  const { stdout } = await runtime.execSync({
    containerId,
    cmd: ['sh', '-c', 'pwd; echo "$A $PATH"; hostname; id -u; id -G'],
  });
  assert.equal(text(stdout), '/srv\nb c /bin\nhost\n1005\n0 7\n');
  const { user } = await subject.status(containerId);
  assert.deepEqual([user?.linux?.uid, user?.linux?.gid, user?.linux?.supplementalGroups], [1005n, 0n, [0n, 7n]]);
  const imageDefault = await subject.exited(await subject.started(pod, { command: [] }));
  assert.equal(imageDefault.exitCode, 0);
});

test('status repeats mounts, image and stop signal as they were given', async () => {
  const mount = {
    containerPath: '/dev/termination-log',
    hostPath: '/tmp',
    readonly: true,
    selinuxRelabel: true,
    propagation: MountPropagation.PROPAGATION_HOST_TO_CONTAINER,
  };
  const containerId = await subject.started(await subject.pod(), {
    mounts: [mount],
    image: { image: shellImage.configuration.digest, userSpecifiedImage: imageName },
    command: ['sh', '-c', "trap 'exit 6' USR1; sleep infinity & wait"],
    stopSignal: Signal.SIGUSR1,
  });
  const status = await subject.status(containerId);
  const { containerPath, hostPath, readonly, selinuxRelabel, propagation } = status.mounts[0] ?? {};
  assert.deepEqual({ containerPath, hostPath, readonly, selinuxRelabel, propagation }, mount);
  assert.equal(status.image?.image, imageName);
  assert.equal(status.imageId, shellImage.configuration.digest);
  assert.equal(status.imageRef, `127.0.0.1:1/shell@${shellImage.manifestDigest}`);
  assert.equal(status.stopSignal, Signal.SIGUSR1);
  await runtime.stopContainer({ containerId, timeout: 10n });
  assert.equal((await subject.status(containerId)).exitCode, 6);
});

test('the log is at log_directory/log_path, goes on after it was rotated, and outlives the container', async () => {
  const pod = await subject.pod();
  const command = ['sh', '-c', "echo out; echo err >&2; trap 'echo bye; exit 0' TERM; sleep infinity & wait"];
  const containerId = await subject.started(pod, { command, logPath: 'main.log' });
  const { logPath } = await subject.status(containerId);
  assert.equal(logPath, join(subject.logDirectory, 'main.log'));
  const lines = (path: string): readonly string[] =>
    readFileSync(path, 'utf8')
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.replace(/^\S+ /, ''));
  await until(() => lines(logPath).length === 2);
  assert.deepEqual(lines(logPath), ['stdout F out', 'stderr F err']);
  renameSync(logPath, `${logPath}.1`);
  await runtime.reopenContainerLog({ containerId });
  await runtime.stopContainer({ containerId, timeout: 10n });
  await assert.rejects(runtime.reopenContainerLog({ containerId }), withCode('FailedPrecondition'));
  await runtime.removeContainer({ containerId });
  assert.deepEqual(lines(logPath), ['stdout F bye']);
  assert.deepEqual(lines(`${logPath}.1`), ['stdout F out', 'stderr F err']);

  const onTerminal = await subject.started(pod, {
    command: ['sh', '-c', 'echo err >&2'],
    logPath: 'tty.log',
    tty: true,
  });
  const { logPath: ttyPath } = await subject.exited(onTerminal);
  // A terminal ends lines with carriage return and newline.
  assert.deepEqual(lines(ttyPath), ['stdout F err\r']);
});

test('a log that cannot be opened keeps the container from starting, and a bad command leaves none behind', async () => {
  const pod = await subject.pod();
  const nowhere = await subject.container(pod, { logPath: 'no/such/folder.log' });
  await assert.rejects(runtime.startContainer({ containerId: nowhere }), withCode('Unknown'));
  const unknown = await subject.container(pod, { logPath: 'stray.log', command: ['nope'] });
  await assert.rejects(runtime.startContainer({ containerId: unknown }), withCode('Unknown'));
  assert.equal(existsSync(join(subject.logDirectory, 'stray.log')), false);
});

test('an update of resources changes what is given and nothing else, or nothing at all', async () => {
  const resources = { cpuShares: 512n, memoryLimitInBytes: 1n << 26n, unified: { 'memory.high': '1' } };
  const containerId = await subject.started(await subject.pod(), { linux: { resources } });
  const limits = async () => {
    const linux = (await subject.status(containerId)).resources?.linux;
    return [linux?.cpuShares, linux?.memoryLimitInBytes, linux?.unified];
  };
  assert.deepEqual(await limits(), [512n, 1n << 26n, { 'memory.high': '1' }]);
  await runtime.updateContainerResources({ containerId, linux: { cpuShares: 256n, unified: { 'memory.min': '2' } } });
  const both = { 'memory.high': '1', 'memory.min': '2' };
  assert.deepEqual(await limits(), [256n, 1n << 26n, both]);
  const bad = { cpuShares: 128n, memoryLimitInBytes: -5n };
  await assert.rejects(runtime.updateContainerResources({ containerId, linux: bad }), withCode('InvalidArgument'));
  assert.deepEqual(await limits(), [256n, 1n << 26n, both]);
});

test('CPU time of container and pod only rises, with what runs, and the pod keeps that of containers that are gone', async () => {
  const pod = await subject.pod();
  const containerId = await subject.started(pod);
  const cpuOf = async (): Promise<readonly [bigint, bigint]> => {
    const { stats } = await runtime.containerStats({ containerId });
    const { stats: ofPod } = await runtime.podSandboxStats({ podSandboxId: pod });
    return [stats?.cpu?.usageCoreNanoSeconds?.value ?? 0n, ofPod?.linux?.cpu?.usageCoreNanoSeconds?.value ?? 0n];
  };
  const idle = await cpuOf();
  await runtime.execSync({ containerId, cmd: ['sh', '-c', 'for i in 1 2 3 4 5; do true; echo a > f; done'] });
  const busy = await cpuOf();
  assert.ok(idle[0] > 0n && busy[0] > idle[0] && busy[1] > idle[1]);
  const { stats } = await runtime.containerStats({ containerId });
  assert.equal(stats?.writableLayer?.usedBytes?.value, 2n);
  assert.ok((stats.memory?.workingSetBytes?.value ?? 0n) > 0n);
  await runtime.removeContainer({ containerId });
  const { stats: after } = await runtime.podSandboxStats({ podSandboxId: pod });
  assert.ok((after?.linux?.cpu?.usageCoreNanoSeconds?.value ?? 0n) >= busy[1]);
});
