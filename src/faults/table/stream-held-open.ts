import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Break } from '../break.ts';
import { answer } from '../combinators.ts';
import type { StreamingRpc } from '../stream-relay.ts';

/** Leads streams through a server that does not pass on the end of what comes from the runtime. */
export function heldOpen(rpc: StreamingRpc): Break {
  return answer(rpc, async (answered, _, { afterwards }) => {
    const { hostname, port } = new URL(answered.url);
    const server = createServer((client) => {
      const runtime = connect(Number(port), hostname);
      client.pipe(runtime).on('error', () => client.destroy());
      runtime.pipe(client, { end: false }).on('error', () => runtime.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterwards(() => void server.close());
    const own = (server.address() as AddressInfo).port;
    answered.url = answered.url.replace(`:${port}/`, `:${String(own)}/`);
  });
}
