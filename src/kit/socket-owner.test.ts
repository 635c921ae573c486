import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fakeMachine } from './fake-machine.testing.ts';
import { tcpSocketOwner, unixSocketOwner } from './socket-owner.ts';

const head = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const socket = '/run/containerd/containerd.sock';
const listening = (inode: number, path = socket): string =>
  `000000008748386c: 00000002 00000000 00010000 0001 01 ${String(inode)} ${path}\n`;
const connected = (inode: number): string =>
  `00000000b100483a: 00000003 00000000 00000000 0001 03 ${String(inode)} ${socket}\n`;
const stat = (pid: number, parent: number): string =>
  `${String(pid)} (a (b) c) S ${String(parent)} 1 1 0 -1 4194560 0 0 0 0 1 2 3 4 20 0 9 0 1000 0 0\n`;

describe('the owner of a unix socket', () => {
  test('is the process that holds the listening inode, not one that holds a connection', () => {
    const { proc } = fakeMachine({
      'proc/net/unix': head + connected(7) + listening(8) + listening(9, `${socket}.ttrpc`),
      'proc/10/fd/3': '-> socket:[8]',
      'proc/11/fd/3': '-> socket:[7]',
      'proc/12/fd/3': '-> socket:[9]',
      'proc/10/stat': stat(10, 1),
    });
    assert.deepEqual(unixSocketOwner(socket, proc), { ok: true, pid: 10 });
  });

  test('is not pid 1, which holds the sockets that it activates', () => {
    const { proc } = fakeMachine({
      'proc/net/unix': head + listening(8),
      'proc/1/fd/40': '-> socket:[8]',
      'proc/10/fd/3': '-> socket:[8]',
    });
    assert.deepEqual(unixSocketOwner(socket, proc), { ok: true, pid: 10 });
  });

  test('is the parent where a child inherited the descriptor', () => {
    const { proc } = fakeMachine({
      'proc/net/unix': head + listening(8),
      'proc/9/fd/3': '-> socket:[8]',
      'proc/9/stat': stat(9, 10),
      'proc/10/fd/3': '-> socket:[8]',
      'proc/10/stat': stat(10, 1),
    });
    assert.deepEqual(unixSocketOwner(socket, proc), { ok: true, pid: 10 });
  });

  test('is found by the other spelling of /run', () => {
    const { proc } = fakeMachine({
      'proc/net/unix': head + listening(8, `/var${socket}`),
      'proc/10/fd/3': '-> socket:[8]',
    });
    assert.deepEqual(unixSocketOwner(socket, proc), { ok: true, pid: 10 });
  });

  test('is found in another network namespace', () => {
    const { proc } = fakeMachine({
      'proc/net/unix': head,
      'proc/self/ns/net': '-> net:[1]',
      'proc/9/ns/net': '-> net:[1]',
      'proc/10/ns/net': '-> net:[2]',
      'proc/10/net/unix': head + listening(8),
      'proc/10/fd/3': '-> socket:[8]',
    });
    assert.deepEqual(unixSocketOwner(socket, proc), { ok: true, pid: 10 });
  });

  test('is not guessed', () => {
    const two = fakeMachine({
      'proc/net/unix': head + listening(7) + listening(8),
      'proc/10/fd/3': '-> socket:[7]',
      'proc/11/fd/3': '-> socket:[8]',
    });
    assert.match(JSON.stringify(unixSocketOwner(socket, two.proc)), /several processes listen on .*: 10, 11/);
    const hidden = fakeMachine({ 'proc/net/unix': head + listening(7) });
    assert.match(JSON.stringify(unixSocketOwner(socket, hidden.proc)), /not visible to this user/);
    assert.match(JSON.stringify(unixSocketOwner('/none', hidden.proc)), /no process of this machine listens on/);
    assert.match(JSON.stringify(unixSocketOwner('/none', '/nowhere')), /no process of this machine listens on/);
  });

  test('is us, where we listen', { skip: process.platform !== 'linux' && 'needs Linux' }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crible-socket-'));
    const server = createServer();
    try {
      await new Promise<void>((resolve) => server.listen(join(folder, 'a b.sock'), resolve));
      assert.deepEqual(unixSocketOwner(join(folder, 'a b.sock')), { ok: true, pid: process.pid });
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the owner of a TCP address', () => {
  test('is the process that listens there', () => {
    const line = (local: string, state: string, inode: number): string =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${String(inode)} 1 0000000013f64a55 100 0 0 10 0\n`;
    const { proc } = fakeMachine({
      'proc/net/tcp': `  sl  local_address rem_address   st\n${line('0100007F:AB29', '01', 7)}${line('0100007F:AB29', '0A', 8)}`,
      'proc/10/fd/3': '-> socket:[8]',
      'proc/11/fd/3': '-> socket:[7]',
    });
    assert.deepEqual(tcpSocketOwner('127.0.0.1:43817', proc), { ok: true, pid: 10 });
    assert.equal(tcpSocketOwner('127.0.0.1:43818', proc).ok, false);
    assert.equal(tcpSocketOwner('registry.example', proc).ok, false);
  });

  test('is us, where we listen', { skip: process.platform !== 'linux' && 'needs Linux' }, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    assert.deepEqual(tcpSocketOwner(`127.0.0.1:${String(address.port)}`), { ok: true, pid: process.pid });
    server.close();
  });
});
