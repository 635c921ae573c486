import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { forwardTo } from './forward.ts';
import { StatusError } from './handler.ts';
import type { CallContext } from './handler.ts';
import { create, fromBinary, toBinary, VersionRequestSchema } from './messages.ts';
import { all, client, failureOf, never } from './testing.ts';

test('unknown fields survive a forwarding server both ways; errors keep their details', async () => {
  const withUnknown = fromBinary(VersionRequestSchema, Uint8Array.of(0x0a, 1, 0x78, 0x98, 0x06, 1));
  assert.equal(withUnknown.$unknown?.length, 1);
  let seen: Uint8Array | undefined;
  const behind = await client({
    runtime: {
      version: (request) => {
        seen = toBinary(VersionRequestSchema, request);
        return Promise.resolve({
          $typeName: 'runtime.v1.VersionResponse',
          version: request.version,
          runtimeName: '',
          runtimeVersion: '',
          runtimeApiVersion: '',
          $unknown: request.$unknown,
        });
      },
      removeContainer: () => Promise.reject(new StatusError('NotFound', 'gone')),
      async *streamContainers() {
        yield await Promise.resolve({ containers: [{ id: 'a' }] });
        throw new StatusError('Aborted', 'cut');
      },
    },
  });
  const cri = await client(forwardTo(behind));
  const answer = await cri.runtime.version(withUnknown);
  assert.deepEqual(seen, toBinary(VersionRequestSchema, withUnknown));
  assert.deepEqual(answer.$unknown, withUnknown.$unknown);
  assert.match((await failureOf(cri.runtime.removeContainer({}))).message, /NotFound: gone$/);
  const stream = cri.runtime.streamContainers({});
  assert.match((await failureOf(all(stream))).message, /Aborted: cut$/);
  assert.equal(create(VersionRequestSchema).$unknown, undefined);
});

test('a forwarding server passes cancellation and deadlines on', async () => {
  const seen: CallContext[] = [];
  const behind = await client({
    runtime: {
      status: (_request, context) => {
        seen.push(context);
        return never(context.signal);
      },
    },
  });
  const cri = await client(forwardTo(behind));
  const aborter = new AbortController();
  const canceled = failureOf(cri.runtime.status({}, { signal: aborter.signal, deadlineMs: 30_000 }));
  while (seen.length === 0) await sleep(5);
  aborter.abort();
  assert.equal((await canceled).code, 'Canceled');
  const [context] = seen;
  assert.ok(context?.deadline && Math.abs(context.deadline.getTime() - Date.now() - 30_000) < 5000);
  if (!context.signal.aborted) await once(context.signal, 'abort', { signal: AbortSignal.timeout(5000) });
});
