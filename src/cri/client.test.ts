import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { connect } from './client.ts';
import { StatusError } from './handler.ts';
import type { Handlers } from './handler.ts';
import { ImageService, RuntimeService } from './messages.ts';
import type { CallRecord } from './record.ts';
import { serve } from './server.ts';
import { apiVersions } from './service.ts';
import { all, client, closers, failureOf, folder, never, server } from './testing.ts';

test('speaks v1, and v1alpha2 to a server that has nothing else', async () => {
  for (const apiVersion of apiVersions) {
    const cri = await client(
      { runtime: { status: (_request, context) => Promise.resolve({ info: { by: context.apiVersion } }) } },
      [apiVersion],
    );
    assert.equal(cri.apiVersion, apiVersion);
    assert.equal(cri.version.runtimeName, 'fake');
    assert.equal((await cri.runtime.status({})).info['by'], apiVersion);
  }
  assert.equal((await client({})).apiVersion, 'v1');
});

test('every RPC of both services can be called', async () => {
  const cri = await client({ image: {} });
  for (const [calls, { methods }] of [
    [cri.runtime, RuntimeService],
    [cri.image, ImageService],
  ] as const) {
    assert.ok(methods.length > 5);
    for (const { localName, name } of methods.filter((method) => method.name !== 'Version')) {
      const call = Object.entries(calls).find(([key]) => key === localName)?.[1] as (
        request: object,
      ) => Promise<unknown> | AsyncIterable<unknown>;
      const answer = call({});
      const error = await failureOf(Symbol.asyncIterator in answer ? all(answer) : answer);
      assert.equal(error.message, `${name} on ${cri.endpoint}: Unimplemented: method ${name} not implemented`);
    }
  }
});

test('an error carries code, number, details, RPC and endpoint', async () => {
  const cri = await client({
    runtime: {
      removeContainer: () => Promise.reject(new StatusError('NotFound', 'container "x" not found')),
      startContainer: () => Promise.reject(new TypeError('a defect')),
      stopContainer: () => Promise.reject(Object.assign(new Error('fine'), { code: 9, details: 'not running' })),
    },
  });
  const { code, codeNumber, details, rpc, endpoint } = await failureOf(
    cri.runtime.removeContainer({ containerId: 'x' }),
  );
  assert.deepEqual(
    { code, codeNumber, details, rpc, endpoint },
    {
      code: 'NotFound',
      codeNumber: 5,
      details: 'container "x" not found',
      rpc: 'RemoveContainer',
      endpoint: cri.endpoint,
    },
  );
  assert.match((await failureOf(cri.runtime.startContainer({}))).message, /StartContainer .*: Unknown: a defect/);
  assert.match((await failureOf(cri.runtime.stopContainer({}))).message, /FailedPrecondition: not running/);
});

test('a call ends at its deadline, which the server sees', async () => {
  let seen: Date | undefined;
  const cri = await client(
    {
      runtime: {
        status: (_request, { signal, deadline }) => {
          seen = deadline;
          return never(signal);
        },
      },
    },
    undefined,
    { callTimeoutMs: 60_000 },
  );
  const startedAt = Date.now();
  assert.equal((await failureOf(cri.runtime.status({}, { deadlineMs: 100 }))).code, 'DeadlineExceeded');
  assert.ok(Date.now() - startedAt < 5000);
  assert.ok(seen !== undefined && Math.abs(seen.getTime() - startedAt) < 5000);
  void cri.runtime.status({}).catch(() => undefined);
  while (Math.abs(seen.getTime() - startedAt) < 5000) await sleep(5);
  assert.ok(Math.abs(seen.getTime() - startedAt - 60_000) < 5000);
});

test('aborting cancels the call on both sides; aborted before, nothing is sent', async () => {
  let calls = 0;
  let aborted: Promise<unknown> | undefined;
  const cri = await client({
    runtime: {
      status: (_request, { signal }) => {
        calls += 1;
        aborted = never(signal).catch(() => 'aborted');
        return aborted.then(() => ({}));
      },
    },
  });
  const reason = new Error('enough');
  const aborter = new AbortController();
  const failing = failureOf(cri.runtime.status({}, { signal: aborter.signal }));
  while (aborted === undefined) await sleep(5);
  aborter.abort(reason);
  assert.equal((await failing).code, 'Canceled');
  assert.equal(await aborted, 'aborted');

  const early = await failureOf(cri.runtime.status({}, { signal: aborter.signal }));
  assert.equal(early.code, 'Canceled');
  assert.equal(early.cause, reason);
  assert.equal(calls, 1);
});

test('answers of 20 MB pass, and 64-bit integers are exact', async () => {
  const createdAt = 9_223_372_036_854_775_807n;
  const cri = await client({
    runtime: {
      execSync: () => Promise.resolve({ stdout: new Uint8Array(20_000_000).fill(65) }),
      podSandboxStatus: () => Promise.resolve({ status: { createdAt } }),
    },
  });
  const { stdout } = await cri.runtime.execSync({ containerId: 'x', cmd: ['cat'] });
  assert.equal(stdout.length, 20_000_000);
  assert.equal(stdout[19_999_999], 65);
  assert.equal((await cri.runtime.podSandboxStatus({})).status?.createdAt, createdAt);
});

test('observers see every call of their client, with times that leave encoding and decoding out', async () => {
  const cri = await client({
    runtime: {
      status: async () => {
        await sleep(50);
        return {};
      },
      async *streamContainers() {
        yield await Promise.resolve({});
        yield {};
      },
    },
  });
  const outer: CallRecord[] = [];
  const inner: CallRecord[] = [];
  const outerClient = cri.observedBy((call) => outer.push(call));
  const innerClient = outerClient.observedBy((call) => inner.push(call));
  const before = process.hrtime.bigint();
  await innerClient.runtime.status({ verbose: true });
  await failureOf(outerClient.image.listImages({}));
  await all(innerClient.runtime.streamContainers({}));
  await cri.runtime.status({});

  assert.deepEqual(
    outer.map(({ service, rpc, outcome }) => [service, rpc, outcome]),
    [
      ['RuntimeService', 'Status', 'answered'],
      ['ImageService', 'ListImages', 'failed'],
      ['RuntimeService', 'StreamContainers', 'streamed'],
    ],
  );
  assert.deepEqual(inner, [outer[0], outer[2]]);
  const [status, , stream] = outer;
  assert.ok(status?.outcome === 'answered' && stream?.outcome === 'streamed');
  assert.equal(status.response.$typeName, 'runtime.v1.StatusResponse');
  assert.ok(status.startedAtNs > before);
  assert.ok(status.durationNs > 45e6 && status.durationNs < 5e9, status.durationNs.toString());
  assert.equal(stream.messageCount, 2);
  assert.ok(!('error' in stream));
});

test('images may be served elsewhere, in a version of their own', async () => {
  const imageEndpoint = await server(
    {
      image: {
        imageFsInfo: () => Promise.reject(new StatusError('Unknown', 'no stats yet')),
        listImages: () => Promise.resolve({ images: [{ id: 'sha256:1' }] }),
      },
    },
    ['v1alpha2'],
  );
  const cri = await client({}, ['v1'], { imageEndpoint });
  assert.equal(cri.imageEndpoint, imageEndpoint);
  assert.equal((await cri.image.listImages({})).images[0]?.id, 'sha256:1');
  await assert.rejects(connect(cri.endpoint, { imageEndpoint: cri.endpoint.replace('.sock', '.none') }), {
    kind: 'missing-socket',
  });
});

test('calls after close fail', async () => {
  const cri = await client({});
  cri.close();
  assert.equal((await failureOf(cri.runtime.status({}))).rpc, 'Status');
});

test('a server on a TCP port of its own choice', async () => {
  const served = await serve('tcp://127.0.0.1:0', { runtime: { version: () => Promise.resolve({ version: 'x' }) } });
  closers.push(() => {
    served.close();
  });
  assert.doesNotMatch(served.endpoint, /:0$/);
  const cri = await connect(served.endpoint);
  cri.close();
  assert.equal(cri.version.version, 'x');
});

test('closing ends what is in flight, on either side', async () => {
  const handlers: Handlers = {
    runtime: {
      version: () => Promise.resolve({}),
      status: (_request, { signal }) => never(signal),
      async *getContainerEvents(_request, { signal }) {
        await never(signal);
        yield {};
      },
    },
  };
  const closing = await client(handlers);
  const call = failureOf(closing.runtime.status({}));
  const stream = failureOf(all(closing.runtime.getContainerEvents({})));
  await sleep(20);
  closing.close();
  assert.equal((await call).code, 'Canceled');
  assert.equal((await stream).code, 'Canceled');

  const served = await serve(join(folder, 'dying.sock'), handlers);
  const cri = await connect(served.endpoint);
  closers.push(() => {
    cri.close();
  });
  const orphan = failureOf(cri.runtime.status({}));
  await sleep(20);
  served.close();
  assert.equal((await orphan).code, 'Canceled');
  await assert.rejects(connect(served.endpoint), { kind: 'missing-socket' });
});
