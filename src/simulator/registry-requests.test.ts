import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { connect } from '../cri/client.ts';
import type { AuthConfigSchema, MessageInitShape } from '../cri/messages.ts';
import { startSimulator } from './simulator.ts';
import { withCode } from './testing.ts';

const right = `Basic ${Buffer.from('me:se:cret').toString('base64')}`;

/** A registry whose images are all broken, so that whoever was let in is told of another trouble. */
const http = createServer(({ url = '', headers: { authorization, host = '' } }, response) => {
  if (url.startsWith('/token')) {
    const status = authorization === undefined || authorization === right ? 200 : 401;
    response.writeHead(status).end(JSON.stringify({ token: authorization === right ? 'good' : 'anonymous' }));
  } else if (authorization === right || authorization === 'Bearer good') {
    response.end('{}');
  } else {
    const challenge = url.startsWith('/v2/basic/')
      ? 'Basic realm="x"'
      : `Bearer realm="http://${host}/token",service="x"`;
    response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
  }
}).listen(0, '127.0.0.1');
await once(http, 'listening');
const address = http.address();
assert.ok(typeof address === 'object' && address !== null);
const registry = `127.0.0.1:${String(address.port)}`;

const simulator = await startSimulator();
const cri = await connect(simulator.endpoint);
after(async () => {
  cri.close();
  await simulator.close();
  http.close();
});

const pull = (name: string, auth?: MessageInitShape<typeof AuthConfigSchema>) =>
  cri.image.pullImage({ image: { image: `${registry}/${name}` }, ...(auth === undefined ? {} : { auth }) });

test('credentials are given to a registry that asks for them, by the way that it asks', async () => {
  const both = Buffer.from('me:se:cret').toString('base64');
  for (const name of ['basic/image:1', 'token/image:1']) {
    for (const auth of [{ username: 'me', password: 'se:cret' }, { auth: both }])
      await assert.rejects(pull(name, auth), withCode('InvalidArgument'), name);
    for (const auth of [undefined, {}, { username: 'me', password: 'guess' }, { auth: 'bm90IGJvdGg=' }])
      await assert.rejects(pull(name, auth), withCode('Unauthenticated'), name);
  }
});
