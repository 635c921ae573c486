import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { connect } from './client.ts';
import type { ConnectOptions, CriClient } from './client.ts';
import { CriError } from './error.ts';
import type { Handlers } from './handler.ts';
import { serve } from './server.ts';
import type { ApiVersion } from './service.ts';

/** Where the sockets are, until the tests of this process end. */
export const folder = mkdtempSync(join(tmpdir(), 'crible-client-'));
/** What is closed after the tests of this process. */
export const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
  rmSync(folder, { recursive: true });
});

let sockets = 0;
/** Serves the handlers, and a version that any client accepts, on a socket of its own. */
export async function server(handlers: Handlers, versions?: readonly ApiVersion[]): Promise<string> {
  sockets += 1;
  const served = await serve(
    join(folder, `${sockets.toString()}.sock`),
    {
      ...handlers,
      runtime: {
        version: async (request) => Promise.resolve({ version: request.version, runtimeName: 'fake' }),
        ...handlers.runtime,
      },
    },
    versions,
  );
  closers.push(() => {
    served.close();
  });
  return served.endpoint;
}

/** A client of a server of these handlers. */
export async function client(
  handlers: Handlers,
  versions?: readonly ApiVersion[],
  options?: ConnectOptions,
): Promise<CriClient> {
  const connected = await connect(await server(handlers, versions), options);
  closers.push(() => {
    connected.close();
  });
  return connected;
}

/** What a call that is never answered waits for. */
export const never = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });

/** What a call fails with, which it must. */
export async function failureOf(call: Promise<unknown>): Promise<CriError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof CriError, 'the call was to fail');
  return error;
}

/** Every item of a stream. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
