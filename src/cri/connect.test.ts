import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import type { Server as NetServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { connect } from './client.ts';
import { ConnectError } from './connect-error.ts';
import type { ConnectProblem } from './connect-error.ts';
import { CriError } from './error.ts';
import { StatusError } from './handler.ts';
import { serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-connect-'));
chmodSync(folder, 0o755);
const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
  rmSync(folder, { recursive: true });
});

async function listening(server: NetServer, name: string): Promise<string> {
  const path = join(folder, name);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(path);
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return path;
}

async function grpcServer(name: string, prepare: (server: Server) => void): Promise<string> {
  const path = join(folder, name);
  const server = new Server();
  prepare(server);
  await new Promise((resolve) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), resolve);
  });
  closers.push(() => {
    server.forceShutdown();
  });
  return path;
}

async function refusal(path: string, kind: ConnectProblem, connectTimeoutMs = 5000): Promise<ConnectError> {
  const error: unknown = await connect(path, { connectTimeoutMs }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ConnectError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.ok(error.message.startsWith(`unix://${path}: `), error.message);
  assert.equal(error.endpoint, `unix://${path}`);
  assert.ok(error.advice.length > 20, 'says what to do next');
  return error;
}

test('a missing socket', async () => {
  const error = await refusal(join(folder, 'none.sock'), 'missing-socket');
  assert.match(error.message, /there is no such socket/);
  assert.match(error.advice, /start the runtime/);
});

test('a socket this user may not use', async () => {
  const path = await listening(createServer(), 'locked.sock');
  chmodSync(path, 0);
  const asRoot = process.geteuid?.() === 0;
  // Root is refused nothing.
  if (asRoot) process.seteuid?.(65_534);
  try {
    assert.match((await refusal(path, 'permission-denied')).advice, /run as root/);
  } finally {
    if (asRoot) process.seteuid?.(0);
  }
});

test('a socket file that nobody listens on, and a file that is no socket', async () => {
  const server = createServer();
  const path = await listening(server, 'live.sock');
  const left = join(folder, 'left.sock');
  renameSync(path, left);
  server.close();
  await once(server, 'close');
  assert.match((await refusal(left, 'nobody-listening')).message, /left behind by a runtime that is gone/);

  const file = join(folder, 'file.sock');
  writeFileSync(file, '');
  assert.match((await refusal(file, 'nobody-listening')).message, /not a socket/);
});

test('a TCP port that nobody listens on', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  server.close();
  await once(server, 'close');
  await assert.rejects(connect(`tcp://127.0.0.1:${address.port.toString()}`), { kind: 'nobody-listening' });
});

test('servers that do not speak gRPC', async () => {
  const http1 = await listening(
    createHttp1((_request, response) => response.end('hello')),
    'http1.sock',
  );
  assert.match((await refusal(http1, 'not-grpc')).message, /speaks HTTP\/1, not gRPC/);

  const docker = await listening(
    createHttp1((_request, response) => response.end('hello')),
    'docker.sock',
  );
  assert.match((await refusal(docker, 'not-grpc')).advice, /cri-dockerd/);

  const http2 = await listening(
    createHttp2((_request, response) => {
      response.writeHead(404).end('no such page');
    }),
    'http2.sock',
  );
  assert.match(
    (await refusal(http2, 'not-grpc')).message,
    /speaks HTTP\/2 but not gRPC \(Received HTTP status code 404\)/,
  );

  const tls = await listening(
    createServer((socket) => socket.end(Buffer.of(0x15, 3, 1, 0, 2, 2, 0x46, 0, 0))),
    'tls.sock',
  );
  assert.match((await refusal(tls, 'not-grpc')).message, /wants TLS/);

  const ssh = await listening(
    createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    'ssh.sock',
  );
  assert.match((await refusal(ssh, 'not-grpc')).message, /begins with the bytes 5353482d/);

  const mute = await listening(
    createServer((socket) => socket.destroy()),
    'mute.sock',
  );
  assert.match((await refusal(mute, 'not-grpc')).message, /hangs up/);
});

test('containerd without its CRI plug-in', async () => {
  const path = await grpcServer('containerd.sock', (server) => {
    const version: handleUnaryCall<Buffer, Buffer> = (_call, answer) => {
      answer(null, Buffer.from('\n\u00061.6.20'));
    };
    const asIs = (bytes: Buffer): Buffer => bytes;
    server.register('/containerd.services.version.v1.Version/Version', version, asIs, asIs, 'unary');
  });
  const error = await refusal(path, 'cri-disabled');
  assert.match(error.message, /containerd 1\.6\.20 answers here, but its CRI plug-in is disabled/);
  assert.match(error.advice, /disabled_plugins = \["cri"\]/);
});

test('a gRPC server without CRI', async () => {
  const error = await refusal(await grpcServer('grpc.sock', () => undefined), 'no-cri');
  assert.match(error.message, /neither runtime\.v1 nor runtime\.v1alpha2/);
});

test('servers that do not answer in time', async () => {
  const silent = await listening(
    createServer(() => undefined),
    'silent.sock',
  );
  assert.match((await refusal(silent, 'timeout', 300)).message, /says nothing on them within 0\.3 s/);

  const hung = await serve(join(folder, 'hung.sock'), { runtime: { version: () => new Promise(() => undefined) } });
  closers.push(() => {
    hung.close();
  });
  assert.match(
    (await refusal(join(folder, 'hung.sock'), 'timeout', 300)).message,
    /did not answer Version within 0\.3 s/,
  );
});

test("the runtime's own error and a cancellation stay what they are", async () => {
  const starting = await serve(join(folder, 'starting.sock'), {
    runtime: { version: () => Promise.reject(new StatusError('Unavailable', 'server is not initialized yet')) },
  });
  closers.push(() => {
    starting.close();
  });
  await assert.rejects(
    connect(starting.endpoint),
    (error) => error instanceof CriError && error.details === 'server is not initialized yet',
  );
  const signal = AbortSignal.abort();
  await assert.rejects(connect(starting.endpoint, { signal }), { code: 'Canceled' });
});
