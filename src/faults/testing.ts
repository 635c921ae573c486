import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { connect } from '../cri/client.ts';
import type { CriClient } from '../cri/client.ts';
import type { Handlers } from '../cri/handler.ts';
import { serve } from '../cri/server.ts';
import type { ApiVersion } from '../cri/service.ts';
import type { Break } from './break.ts';
import { proxyWith } from './proxy.ts';
import type { Proxy } from './proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'crible-faults-test-'));
const ends: (() => unknown)[] = [
  () => {
    rmSync(folder, { recursive: true });
  },
];
after(async () => {
  for (const end of ends.toReversed()) await end();
});
let sockets = 0;

/** A proxy before a server of one's own that answers with these handlers, and a client of it; all end with the test file. */
export async function proxied(
  breaks: readonly Break[],
  runtime: Handlers['runtime'],
  { image = {}, versions }: { readonly image?: Handlers['image']; readonly versions?: readonly ApiVersion[] } = {},
): Promise<{ readonly cri: CriClient; readonly proxy: Proxy }> {
  const socket = join(folder, `${String((sockets += 1))}.sock`);
  const version = (): Promise<object> => Promise.resolve({ runtimeName: 'fake' });
  const server = await serve(socket, { runtime: { version, ...runtime }, image }, versions);
  ends.push(() => {
    server.close();
  });
  return await before(server.endpoint, breaks);
}

/** A proxy before an endpoint, and a client of it. */
export async function before(
  endpoint: string,
  breaks: readonly Break[],
): Promise<{ readonly cri: CriClient; readonly proxy: Proxy }> {
  const proxy = await proxyWith(breaks, { endpoint });
  ends.push(() => proxy.close());
  const cri = await connect(proxy.endpoint);
  ends.push(() => {
    cri.close();
  });
  return { cri, proxy };
}
