import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { connect } from '../client.ts';
import type { CriClient } from '../client.ts';
import { CriError } from '../error.ts';
import { StatusError } from '../handler.ts';
import type { CallContext, Handlers } from '../handler.ts';
import { create, ImageService, RuntimeService, ImageSchema, isMessage } from '../messages.ts';
import type { CallRecord } from '../record.ts';
import { serve } from '../server.ts';
import type { CriServer } from '../server.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-frames-'));
const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
  rmSync(folder, { recursive: true });
});

const transports = ['grpc-js', 'frames'] as const;

interface Pair {
  readonly server: CriServer;
  readonly clients: readonly CriClient[];
}

let sockets = 0;
async function pair(runtime: Handlers['runtime'], endpoint?: string): Promise<Pair> {
  sockets += 1;
  const server = await serve(endpoint ?? join(folder, `${sockets.toString()}.sock`), {
    runtime: { version: () => Promise.resolve({ version: '0.1.0' }), ...runtime },
    image: {
      listImages: () =>
        Promise.resolve({
          images: Array.from({ length: 5000 }, (_, at) => create(ImageSchema, { id: `sha256:${String(at)}` })),
        }),
    },
  });
  const clients = await Promise.all(transports.map((transport) => connect(server.endpoint, { transport })));
  closers.push(() => {
    for (const client of clients) client.close();
    server.close();
  });
  return { server, clients };
}

/** What becomes of a call: its answer, or all that its error says. */
async function fate(call: Promise<unknown>): Promise<unknown> {
  return await call.catch((error: unknown) => {
    assert.ok(error instanceof CriError, String(error));
    const { code, codeNumber, details, rpc, endpoint, message } = error;
    return { code, codeNumber, details, rpc, endpoint, message };
  });
}

/** Makes the same call over both transports; what became of it, which must be the same. */
async function same(clients: readonly CriClient[], make: (client: CriClient) => Promise<unknown>): Promise<unknown> {
  const fates: unknown[] = [];
  for (const client of clients) fates.push(await fate(make(client)));
  assert.deepEqual(fates[1], fates[0]);
  return fates[0];
}

const never = ({ signal }: CallContext) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });

test('every unary RPC of both services reaches its handler, over a socket file and over TCP', async () => {
  for (const endpoint of [undefined, 'tcp://127.0.0.1:0']) {
    const { clients } = await pair({}, endpoint);
    for (const service of [RuntimeService, ImageService]) {
      const unary = service.methods.filter(({ methodKind, name }) => methodKind === 'unary' && name !== 'ListImages');
      assert.ok(unary.length >= 4, 'there are calls');
      for (const { localName, name } of unary) {
        const told = await same(clients, (client) => {
          const calls: object = service === RuntimeService ? client.runtime : client.image;
          const call = Object.entries(calls).find(([key]) => key === localName)?.[1] as (
            of: object,
          ) => Promise<unknown>;
          return call({});
        });
        if (name !== 'Version') assert.match(JSON.stringify(told), new RegExp(`method ${name} not implemented`));
      }
    }
  }
});

test('errors say the same, whatever their text', async () => {
  let details = '';
  const { clients } = await pair({
    removeContainer: () => Promise.reject(new StatusError('NotFound', details)),
    startContainer: () => Promise.reject(new TypeError('a defect')),
  });
  for (details of [
    '',
    'plain',
    'größe 100 %',
    '%41 %zz 100%',
    'zwei\nZeilen\tmit\u0000Nul',
    '容器 🐳',
    'x'.repeat(40_000),
  ]) {
    const told = await same(clients, (client) => client.runtime.removeContainer({ containerId: 'x' }));
    assert.equal((told as CriError).details, details);
    assert.equal((told as CriError).code, 'NotFound');
  }
  await same(clients, (client) => client.runtime.startContainer({}));
  await same(clients, (client) => client.image.imageFsInfo({}));
});

test('messages of every size pass both ways', async () => {
  const { clients } = await pair({
    execSync: (request) => Promise.resolve({ stdout: Buffer.from(request.cmd[0] ?? ''), exitCode: request.cmd.length }),
  });
  for (const size of [0, 1, 100, 16_370, 16_379, 16_380, 65_530, 65_536, 1_000_000, 20_000_000]) {
    for (const client of clients) {
      const { stdout, exitCode } = await client.runtime.execSync({ cmd: ['a'.repeat(size), 'b'] });
      assert.equal(stdout.length, size);
      assert.ok(Buffer.from(stdout).equals(Buffer.alloc(size, 'a')));
      assert.equal(exitCode, 2);
    }
  }
  const { images } = (await same(clients, (client) => client.image.listImages({}))) as { images: unknown[] };
  assert.equal(images.length, 5000);
  assert.ok(isMessage(images[4999], ImageSchema));
});

test('many calls at once get each their own answer', async () => {
  const { clients } = await pair({
    containerStatus: async ({ containerId }) => {
      await sleep(Math.random() * 5);
      if (containerId.endsWith('7')) throw new StatusError('NotFound', containerId);
      return { info: { id: containerId, padding: 'x'.repeat(Number(containerId) * 50) } };
    },
  });
  for (const client of clients) {
    await Promise.all(
      Array.from({ length: 500 }, async (_, at) => {
        const told = await fate(client.runtime.containerStatus({ containerId: at.toString() }));
        if (at % 10 === 7) assert.equal((told as CriError).details, at.toString());
        else assert.equal((told as { info: { id: string } }).info.id, at.toString());
      }),
    );
  }
});

test('a deadline ends the call on both sides, and the server sees it', async () => {
  const seen: CallContext[] = [];
  const { clients } = await pair({
    status: (_request, context) => {
      seen.push(context);
      return never(context);
    },
  });
  for (const client of clients) {
    const startedAtMs = Date.now();
    const error = (await fate(client.runtime.status({}, { deadlineMs: 100 }))) as CriError;
    assert.equal(error.code, 'DeadlineExceeded');
    assert.match(error.details, /^Deadline exceeded/);
    const tookMs = Date.now() - startedAtMs;
    assert.ok(tookMs >= 95 && tookMs < 3000, tookMs.toString());
    const context = seen.pop();
    assert.ok(context?.deadline !== undefined && Math.abs(context.deadline.getTime() - startedAtMs - 100) < 1000);
    for (let waited = 0; !context.signal.aborted && waited < 3000; waited += 5) await sleep(5);
    assert.ok(context.signal.aborted);

    const late = (await fate(client.runtime.status({}, { deadlineMs: 0 }))) as CriError;
    assert.equal(late.code, 'DeadlineExceeded');
    seen.length = 0;
    const long = new AbortController();
    const waiting = fate(client.runtime.status({}, { deadlineMs: Infinity, signal: long.signal }));
    while (seen.length === 0) await sleep(5);
    assert.equal(seen.pop()?.deadline, undefined);
    long.abort();
    await waiting;
  }
  await same(clients, (client) => client.runtime.version({}));
});

test('aborting cancels the call on both sides; calls of one signal go together', async () => {
  let contexts: CallContext[] = [];
  const { clients } = await pair({
    status: (_request, context) => {
      contexts.push(context);
      return never(context);
    },
  });
  for (const client of clients) {
    contexts = [];
    const aborter = new AbortController();
    const calls = [1, 2, 3].map(() => fate(client.runtime.status({}, { signal: aborter.signal })));
    await client.runtime.version({}, { signal: aborter.signal });
    while (contexts.length < 3) await sleep(5);
    aborter.abort(new Error('enough'));
    for (const call of calls) {
      const { code, details } = (await call) as CriError;
      assert.deepEqual({ code, details }, { code: 'Canceled', details: 'Cancelled on client' });
    }
    for (let waited = 0; !contexts.every(({ signal }) => signal.aborted) && waited < 3000; waited += 5) await sleep(5);
    assert.ok(contexts.every(({ signal }) => signal.aborted));
    const early = (await fate(client.runtime.status({}, { signal: aborter.signal }))) as CriError;
    assert.equal(early.code, 'Canceled');
    assert.equal(contexts.length, 3);
  }
});

test('a server that goes away fails what is in flight, refuses what follows, and is found again when it is back', async () => {
  const path = join(folder, 'back.sock');
  const handlers: Handlers['runtime'] = { status: (_request, context) => never(context) };
  const { server, clients } = await pair(handlers, path);
  const inFlight = clients.map((client) => fate(client.runtime.status({})));
  await sleep(50);
  server.close();
  for (const told of await Promise.all(inFlight)) {
    assert.ok(['Canceled', 'Unavailable'].includes((told as CriError).code), JSON.stringify(told));
  }
  for (const client of clients) {
    const error = (await fate(client.runtime.version({}))) as CriError;
    assert.equal(error.code, 'Unavailable');
    assert.match(error.details, /No connection established\. Last error: .*ENOENT|Connection dropped/);
  }
  const again = await serve(path, { runtime: { version: () => Promise.resolve({ version: 'again' }) } });
  closers.push(() => {
    again.close();
  });
  const [, frames] = clients;
  assert.equal((await frames?.runtime.version({}))?.version, 'again');
});

test('closing ends what is in flight, and nothing can be called afterwards', async () => {
  const { clients } = await pair({ status: (_request, context) => never(context) });
  const inFlight = clients.map((client) => fate(client.runtime.status({})));
  await sleep(50);
  for (const client of clients) client.close();
  for (const told of await Promise.all(inFlight)) assert.equal((told as CriError).code, 'Canceled');
  for (const client of clients) assert.ok('code' in ((await fate(client.runtime.status({}))) as object));
});

test('observers are told of the same calls, with times from the write of the request to the read of the answer', async () => {
  const { clients } = await pair({
    status: async () => {
      await sleep(50);
      return {};
    },
    async *streamContainers() {
      yield await Promise.resolve({});
    },
  });
  for (const client of clients) {
    const told: CallRecord[] = [];
    const observed = client.observedBy((call) => told.push(call));
    const beforeNs = process.hrtime.bigint();
    await observed.runtime.status({ verbose: true });
    const tookNs = Number(process.hrtime.bigint() - beforeNs);
    await fate(observed.image.imageFsInfo({}));
    for await (const page of observed.runtime.streamContainers({})) assert.ok(page);
    assert.deepEqual(
      told.map(({ service, rpc, outcome }) => [service, rpc, outcome]),
      [
        ['RuntimeService', 'Status', 'answered'],
        ['ImageService', 'ImageFsInfo', 'failed'],
        ['RuntimeService', 'StreamContainers', 'streamed'],
      ],
    );
    const [status] = told;
    assert.ok(status && status.startedAtNs > beforeNs && status.durationNs > 45e6 && status.durationNs < tookNs);
  }
});

test('a request beyond the largest message is refused before it is sent', async () => {
  const { clients } = await pair({});
  const image = 'x'.repeat(65 * 1024 * 1024);
  for (const client of clients) {
    const { code, details } = (await fate(client.image.pullImage({ image: { image } }))) as CriError;
    assert.equal(code, 'ResourceExhausted');
    assert.match(details, /larger than/);
  }
});
