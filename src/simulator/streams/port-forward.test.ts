import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Subject, until, withCode } from '../testing.ts';
import { Peer, success } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();

test('each port has its channels, an echo answers, and a closed port says so', async () => {
  await subject.started(pod, { command: ['nc', '-ll', '-p', '7', '-e', 'cat'] });
  await subject.started(pod, { command: ['sh', '-c', 'echo page > /var/www/a; httpd -f -p 80 -h /var/www'] });
  const { url } = await runtime.portForward({ podSandboxId: pod, port: [7, 80, 9] });
  const peer = await Peer.open(url);
  const bytes = randomBytes(200_000);
  peer.send(0, bytes);
  peer.send(2, 'GET /a HTTP/1.0\r\nHost: x\r\n\r\n');
  await until(() => peer.bytes(0).length === bytes.length + 2 && peer.text(2).endsWith('page\n'));
  assert.ok(peer.bytes(0).subarray(2).equals(bytes));
  for (const [place, port] of [7, 80, 9].entries()) {
    for (const channel of [2 * place, 2 * place + 1]) {
      assert.deepEqual([...(peer.messages(channel)[0] ?? [])], [port, 0], String(channel));
    }
  }
  assert.match(peer.text(5), /error forwarding port 9 .*refused/);
  assert.deepEqual([peer.messages(1).length, peer.messages(3).length], [1, 1]);
  peer.endInput(0);
  assert.equal(await peer.closed, 1000);

  const network = (await runtime.podSandboxStats({ podSandboxId: pod })).stats?.linux?.network?.defaultInterface;
  assert.ok((network?.rxBytes?.value ?? 0n) > 200_000n && (network?.txBytes?.value ?? 0n) > 200_000n);
  const refused = await Peer.open(
    (await runtime.portForward({ podSandboxId: pod, port: [9] })).url,
    'v4.channel.k8s.io',
  );
  assert.equal(await refused.closed, 1000);
  await assert.rejects(runtime.portForward({ podSandboxId: pod, port: [70_000] }), withCode('InvalidArgument'));
});

test('a listener without a program is its standard streams, once, and a port has one listener', async () => {
  const own = await subject.pod();
  const containerId = await subject.started(own, {
    command: ['nc', '-l', '-p', '9000'],
    stdin: true,
    logPath: 'nc.log',
  });
  const second = await subject.started(own, { command: ['nc', '-lp', '9000'] });
  assert.equal((await subject.exited(second)).exitCode, 1);
  const attached = await Peer.open((await runtime.attach({ containerId, stdin: true, stdout: true })).url);
  const peer = await Peer.open((await runtime.portForward({ podSandboxId: own, port: [9000] })).url);
  peer.send(0, 'to the container');
  attached.send(0, 'from the container');
  await until(() => attached.text(1) === 'to the container' && peer.text(0).endsWith('from the container'));
  peer.leave();
  assert.deepEqual(await attached.status(), success);
  assert.equal((await subject.exited(containerId)).exitCode, 0);
  await runtime.removePodSandbox({ podSandboxId: own });
});
