import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../cri/client.ts';
import { fromBinary, StatusRequestSchema, StatusResponseSchema, toBinary } from '../cri/messages.ts';
import { StatusError } from '../cri/handler.ts';
import type { CallContext } from '../cri/handler.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { startProxy } from './proxy.ts';
import { proxied } from './testing.ts';

const podSandbox = { config: { metadata: { name: 'a', namespace: 'b', uid: 'c' } } };

test('a call goes through with its deadline and its cancellation', async () => {
  const calls: CallContext[] = [];
  const { cri } = await proxied([], {
    execSync: (_, call) => {
      calls.push(call);
      return new Promise((_resolve, reject) => {
        call.signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    },
  });
  const startedAt = Date.now();
  const aborter = new AbortController();
  const call = cri.runtime.execSync({ containerId: 'a' }, { deadlineMs: 30_000, signal: aborter.signal });
  while (calls.length === 0) await pause(5);
  const forwardedMs = (calls[0]?.deadline?.getTime() ?? 0) - startedAt;
  assert.ok(forwardedMs > 25_000 && forwardedMs < 35_000, `${String(forwardedMs)} ms`);
  aborter.abort();
  await assert.rejects(call, { code: 'Canceled' });
  while (calls[0]?.signal.aborted !== true) await pause(5);
});

test('fields that the proto does not know, and errors, go through as they are', async () => {
  // Field 4711, one byte long.
  const unknown = Buffer.from('baa6020141', 'hex');
  let asked: Uint8Array | undefined;
  const { cri } = await proxied([], {
    status: (request) => {
      asked = toBinary(StatusRequestSchema, request);
      return Promise.resolve(fromBinary(StatusResponseSchema, unknown));
    },
    startContainer: () => Promise.reject(new StatusError('FailedPrecondition', 'not today')),
  });
  const answered = await cri.runtime.status(fromBinary(StatusRequestSchema, unknown));
  assert.deepEqual(Buffer.from(asked ?? []), unknown);
  assert.deepEqual(Buffer.from(toBinary(StatusResponseSchema, answered)), unknown);
  await assert.rejects(cri.runtime.startContainer({}), { code: 'FailedPrecondition', details: 'not today' });
  await assert.rejects(cri.runtime.stopContainer({}), { code: 'Unimplemented' });
});

test('it speaks the version of the CRI that the runtime speaks', async () => {
  const { cri } = await proxied([], {}, { versions: ['v1alpha2'] });
  assert.equal(cri.apiVersion, 'v1alpha2');
});

test('closing removes what was made through it, and nothing else', async () => {
  const simulator = await startSimulator();
  const direct = await connect(simulator.endpoint);
  const kept = await direct.runtime.runPodSandbox(podSandbox);
  const proxy = await startProxy({ fault: 'none', args: [], endpoint: simulator.endpoint });
  const cri = await connect(proxy.endpoint);
  const metadata = { ...podSandbox.config.metadata, attempt: 1 };
  await cri.runtime.runPodSandbox({ config: { metadata } });
  cri.close();
  assert.deepEqual(await proxy.close(), []);
  const left = (await direct.runtime.listPodSandbox({})).items.map(({ id }) => id);
  assert.deepEqual(left, [kept.podSandboxId]);
  assert.equal(existsSync(dirname(proxy.endpoint.slice('unix://'.length))), false);
  direct.close();
  await simulator.close();
});

test('a server that dies is unavailable, and one that comes back is found again', async () => {
  const simulator = await startSimulator();
  const proxy = await startProxy({ fault: 'dies', args: ['Status', 'comes-back'], endpoint: simulator.endpoint });
  const cri = await connect(proxy.endpoint);
  await assert.rejects(cri.runtime.status({}), { code: 'Unavailable' });
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await cri.runtime.listPodSandbox({}).then(
      () => true,
      () => false,
    );
    if (found) break;
    assert.ok(performance.now() < deadline, 'it did not come back');
    await pause(50);
  }
  cri.close();
  await proxy.close();
  await simulator.close();
});

test('a call that hangs ends by its deadline, and garbage is told from an answer', async () => {
  const simulator = await startSimulator();
  const hanging = await startProxy({ fault: 'hang', args: ['Status'], endpoint: simulator.endpoint });
  const garbling = await startProxy({ fault: 'garbage', args: ['*'], endpoint: simulator.endpoint });
  const cri = await connect(hanging.endpoint);
  await assert.rejects(cri.runtime.status({}, { deadlineMs: 100 }), { code: 'DeadlineExceeded' });
  await assert.rejects(connect(garbling.endpoint));
  cri.close();
  await Promise.all([hanging.close(), garbling.close()]);
  await simulator.close();
});

test('a runtime that is not there is told of', async () => {
  await assert.rejects(startProxy({ fault: 'none', args: [], endpoint: 'unix:///nonexistent/cri.sock' }), {
    kind: 'missing-socket',
  });
});
