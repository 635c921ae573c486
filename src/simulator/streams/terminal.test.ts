import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Subject, until } from '../testing.ts';
import { Peer, success } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();
const shell = await subject.started(pod);

async function onTerminal(...cmd: string[]): Promise<Peer> {
  const { url } = await runtime.exec({ containerId: shell, cmd, stdin: true, stdout: true, tty: true });
  return Peer.open(url);
}

test('a terminal has one stream, shows what is typed, and has the size that it is given', async () => {
  const peer = await onTerminal('sh', '-c', 'tty; echo err >&2; read line; echo "got $line"; stty size');
  peer.send(4, 'no size');
  peer.send(4, JSON.stringify({ Width: 132, Height: 43 }));
  peer.send(0, 'hxy\x7f\x7fello\r');
  assert.deepEqual(await peer.status(), success);
  assert.equal(peer.text(1), '/dev/pts/0\r\nerr\r\nhxy\b \b\b \bello\r\ngot hello\r\n43 132\r\n');
  assert.equal(peer.bytes(2).length, 0);
  const { exitCode, stderr } = await runtime.execSync({ containerId: shell, cmd: ['stty', 'size'] });
  assert.equal(exitCode, 1);
  assert.match(Buffer.from(stderr).toString(), /Inappropriate ioctl/);
});

test('Ctrl-C interrupts, Ctrl-D is the end, a raw terminal changes nothing, and a resize is a signal', async () => {
  const interrupted = await onTerminal('sleep', '3600');
  interrupted.send(0, '\x03');
  assert.match(JSON.stringify(await interrupted.status()), /"message":"130"/);
  const ended = await onTerminal('sh', '-c', 'cat; cat');
  ended.send(0, 'a\n\x04b\n\x04');
  assert.deepEqual(await ended.status(), success);
  assert.equal(ended.text(1), 'a\r\nb\r\na\r\nb\r\n');
  const raw = await onTerminal('sh', '-c', 'stty raw -echo; echo ready; head -c 4');
  await until(() => raw.text(1) === 'ready\n');
  raw.send(0, Buffer.from([0, 3, 13, 255]));
  assert.deepEqual(await raw.status(), success);
  assert.deepEqual([...raw.bytes(1).subarray(6)], [0, 3, 13, 255]);
  const resized = await onTerminal('sh', '-c', "trap 'stty size; exit 0' WINCH; echo on; read x");
  await until(() => resized.text(1) === 'on\r\n');
  resized.send(4, JSON.stringify({ Width: 80, Height: 24 }));
  assert.deepEqual(await resized.status(), success);
  assert.equal(resized.text(1), 'on\r\n24 80\r\n');
});
