import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import { Subject, until } from '../testing.ts';
import { Peer, success } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();
const shell = await subject.started(pod);

async function exec(cmd: string[], terms: { stdin?: boolean; tty?: boolean } = {}, protocol?: string): Promise<Peer> {
  const { tty = false } = terms;
  const { url } = await runtime.exec({ containerId: shell, cmd, stdout: true, stderr: !tty, ...terms });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/exec\/[\w-]+$/);
  return Peer.open(url, protocol);
}

test('both streams, an exit code, and an empty message before everything else', async () => {
  for (const protocol of ['v4.channel.k8s.io', 'v5.channel.k8s.io']) {
    const peer = await exec(['sh', '-c', 'echo out; echo err >&2; exit 7'], {}, protocol);
    assert.deepEqual(await peer.status(), {
      metadata: {},
      status: 'Failure',
      message: 'command terminated with non-zero exit code: exit status 7',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
    assert.deepEqual([peer.text(1), peer.text(2), peer.messages(1)[0]?.length], ['out\n', 'err\n', 0]);
    assert.deepEqual(await (await exec(['true'], {}, protocol)).status(), success);
  }
});

test('bytes come back as they went, NUL and 0xFF and a mebibyte of anything among them', async () => {
  const sent = Buffer.concat([Buffer.from([0, 255, 10, 13, 0, 128]), randomBytes(1024 * 1024)]);
  const peer = await exec(['cat'], { stdin: true });
  for (let at = 0; at < sent.length; at += 50_000) peer.send(0, sent.subarray(at, at + 50_000));
  peer.endInput();
  assert.deepEqual(await peer.status(), success);
  assert.ok(peer.bytes(1).equals(sent));
  const digest = await exec(['sha256sum'], { stdin: true });
  digest.send(0, sent);
  digest.endInput();
  await digest.closed;
  assert.equal(digest.text(1), `${createHash('sha256').update(sent).digest('hex')}  -\n`);
});

test('without stdin its end is there from the beginning; a shell takes its commands from stdin', async () => {
  assert.deepEqual(await (await exec(['cat'])).status(), success);
  const peer = await exec(['sh'], { stdin: true });
  peer.send(0, 'while read -r a b; do\necho "$b-$a"; done\n1 2 3\n');
  await until(() => peer.text(1) === '2 3-1\n');
  peer.send(0, 'x y\n');
  peer.endInput();
  assert.deepEqual(await peer.status(), success);
  assert.equal(peer.text(1), '2 3-1\ny-x\n');
  const failing = await exec(['sh'], { stdin: true });
  failing.send(0, 'nope\nexit 3\n');
  assert.match(JSON.stringify(await failing.status()), /"message":"3"/);
  assert.equal(failing.text(2), 'sh: nope: not found\n');
});

test('what cannot be run is an internal error of the stream', async () => {
  const { url } = await runtime.exec({ containerId: shell, cmd: ['/no/such'], stdout: true });
  const peer = await Peer.open(url);
  const schema = z.object({ status: z.literal('Failure'), reason: z.literal('InternalError'), message: z.string() });
  assert.match(schema.parse(await peer.status()).message, /no\/such/);
  const ephemeral = await subject.started(pod);
  const late = await runtime.exec({ containerId: ephemeral, cmd: ['true'], stdout: true });
  await runtime.stopContainer({ containerId: ephemeral });
  schema.parse(await (await Peer.open(late.url)).status());
});

test('when the connection goes, stdin ends, nobody takes output, and a terminal hangs up', async () => {
  const processCount = async (): Promise<bigint | undefined> =>
    (await runtime.podSandboxStats({ podSandboxId: pod })).stats?.linux?.process?.processCount?.value;
  const before = await processCount();
  for (const [command, tty] of [
    ['cat', false],
    ['yes', false],
    ['sleep 3600', true],
  ] as const) {
    const peer = await exec(['sh', '-c', command], { stdin: true, tty });
    assert.notEqual(await processCount(), before);
    peer.leave();
    await until(async () => (await processCount()) === before);
  }
});
