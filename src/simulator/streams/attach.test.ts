import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Subject, until, withCode } from '../testing.ts';
import { Peer, success } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();

test('output from now on to everybody, stdin to the container, which stays as it is when somebody leaves', async () => {
  const containerId = await subject.started(pod, {
    command: ['sh', '-c', 'echo early; while read -r line; do echo "got $line"; echo e >&2; done; exit 4'],
    stdin: true,
    logPath: 'attach.log',
  });
  const attach = async (): Promise<Peer> =>
    Peer.open((await runtime.attach({ containerId, stdin: true, stdout: true, stderr: true })).url);
  const [one, two] = [await attach(), await attach()];
  one.send(0, 'a\n');
  await until(() => one.text(1) === 'got a\n' && two.text(1) === 'got a\n' && two.text(2) === 'e\n');
  one.endInput();
  one.leave();
  await one.closed;
  two.send(0, 'b\n');
  await until(() => two.text(1) === 'got a\ngot b\n');
  assert.equal(one.text(1), 'got a\n');
  await runtime.stopContainer({ containerId });
  assert.deepEqual(await two.status(), success);
  await assert.rejects(runtime.attach({ containerId, stdout: true }), withCode('FailedPrecondition'));
});

test('a stdin for once ends with the first who ends it; a container without stdin is not written to', async () => {
  const once = await subject.started(pod, { command: ['sh'], stdin: true, stdinOnce: true });
  const peer = await Peer.open((await runtime.attach({ containerId: once, stdin: true, stdout: true })).url);
  peer.send(0, 'echo hello\nexit 5\n');
  assert.deepEqual(await peer.status(), success);
  assert.equal(peer.text(1), 'hello\n');
  assert.equal((await subject.exited(once)).exitCode, 5);
  const counting = await subject.started(pod, { command: ['wc', '-c'], stdin: true, stdinOnce: true });
  const first = await Peer.open((await runtime.attach({ containerId: counting, stdin: true, stdout: true })).url);
  first.send(0, '12345');
  first.endInput();
  assert.deepEqual([await first.status(), first.text(1)], [success, '5\n']);

  const without = await subject.started(pod, { command: ['sh', '-c', 'sleep 0.2; cat; echo end'] });
  const reader = await Peer.open((await runtime.attach({ containerId: without, stdin: true, stdout: true })).url);
  reader.send(0, 'lost\n');
  assert.deepEqual([await reader.status(), reader.text(1)], [success, 'end\n']);
});

test('a terminal is resized', async () => {
  const containerId = await subject.started(pod, { command: ['sh'], stdin: true, tty: true });
  const { url } = await runtime.attach({ containerId, stdin: true, stdout: true, tty: true });
  const peer = await Peer.open(url);
  peer.send(4, JSON.stringify({ Width: 100, Height: 30 }));
  peer.send(0, 'stty size; exit\n');
  assert.deepEqual(await peer.status(), success);
  assert.match(peer.text(1), /30 100\r\n/);
});
