import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Subject } from '../testing.ts';
import { Peer } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();
const shell = await subject.started(pod);

test('a URL is good for one use of its own kind', async () => {
  const { url } = await runtime.exec({ containerId: shell, cmd: ['true'], stdout: true });
  assert.equal((await fetch(url.replace('/exec/', '/attach/'))).status, 404);
  assert.equal((await fetch(url)).status, 404);
  assert.equal((await fetch(new URL('/', url))).status, 404);
  const used = await runtime.exec({ containerId: shell, cmd: ['true'], stdout: true });
  await (
    await Peer.open(used.url)
  ).closed;
  await assert.rejects(Peer.open(used.url), /404/);
  const plain = await runtime.exec({ containerId: shell, cmd: ['true'], stdout: true });
  assert.equal((await fetch(plain.url)).status, 400);
  const other = await runtime.exec({ containerId: shell, cmd: ['true'], stdout: true });
  await assert.rejects(Peer.open(other.url, 'v4.base64.channel.k8s.io'), /403/);
});

test('a handshake for SPDY is answered, and nothing after it', async () => {
  const handshake = async (url: string, versions: string): Promise<string> => {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const upgrade = 'Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n';
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: x\r\n${upgrade}X-Stream-Protocol-Version: ${versions}\r\n\r\n`);
    let text = '';
    for await (const piece of socket) text += String(piece);
    return text;
  };
  const { url } = await runtime.exec({ containerId: shell, cmd: ['true'], stdout: true });
  const answer = await handshake(url, 'v4.channel.k8s.io');
  assert.match(answer, /^HTTP\/1\.1 101 /);
  assert.match(answer, /\r\nUpgrade: SPDY\/3\.1\r\nX-Stream-Protocol-Version: v4\.channel\.k8s\.io\r\n\r\n$/);
  assert.match(await handshake(url, 'v4.channel.k8s.io'), /^HTTP\/1\.1 404 /);
  const ports = await runtime.portForward({ podSandboxId: pod, port: [80] });
  assert.match(
    await handshake(ports.url, 'v4.channel.k8s.io'),
    /^HTTP\/1\.1 403 .*X-Accepted-Stream-Protocol-Versions/s,
  );
});
