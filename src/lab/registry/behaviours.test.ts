import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { sizedReference } from '../../kit/fixture-images.ts';
import { registryCredentials } from '../../kit/registry-behaviours.ts';
import { digestOf } from '../images/blob.ts';
import { ImageBuilder } from '../images/build.ts';
import { ImageStore } from '../images/image-store.ts';
import { createRegistry } from './server.ts';

const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.tuple([z.object({ digest: z.string(), size: z.number() })]),
});
const tokenSchema = z.object({ token: z.string() });

const { username, password } = registryCredentials;
const right = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const wrong = `Basic ${Buffer.from(`${username}:guess`).toString('base64')}`;
const repository = sizedReference(1, 64, 'behaviour').replace(/:1$/, '');

describe('a registry that misbehaves', () => {
  let server: Server;
  let origin = '';
  before(async () => {
    const busybox = { path: '', program: Buffer.from('not a program'), applets: ['sh'] };
    server = createRegistry(new ImageStore(new ImageBuilder(busybox)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    origin = `http://127.0.0.1:${String(address.port)}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string, authorization?: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}${path}`, { ...init, headers: authorization === undefined ? {} : { authorization } });
  const manifestPath = (behaviour: string, tag = '1'): string =>
    `/v2/crible/${behaviour}${repository}/manifests/${tag}`;
  const manifestOf = async (behaviour: string, tag = '1') => {
    const response = await get(manifestPath(behaviour, tag));
    assert.equal(response.status, 200);
    const text = await response.text();
    return { text, digest: digestOf(Buffer.from(text)), ...manifestSchema.parse(JSON.parse(text)) };
  };
  const layerPath = async (behaviour: string): Promise<string> => {
    const { layers } = await manifestOf('');
    return `/v2/crible/${behaviour}${repository}/blobs/${layers[0].digest}`;
  };

  test('asks everybody for a token, and gives one', async () => {
    const first = await get('/v2/');
    assert.equal(first.status, 401);
    assert.equal(first.headers.get('www-authenticate'), `Bearer realm="${origin}/token",service="crible"`);
    const { token } = tokenSchema.parse(await (await get('/token')).json());
    assert.equal((await get('/v2/', `Bearer ${token}`)).status, 200);
    assert.equal((await get('/token', wrong)).status, 401);
    assert.equal((await get('/token', right, { method: 'POST' })).status, 405);
  });

  test('lets in by Basic or by a token, whichever it asks for', async () => {
    const { token: anonymous } = tokenSchema.parse(await (await get('/token')).json());
    const { token } = tokenSchema.parse(await (await get('/token', right)).json());
    for (const [behaviour, challenge] of [
      ['private/', /^Basic realm=/],
      ['token/', /^Bearer realm=".*",scope="repository:crible\/token\/sized\/1x64k\/behaviour:pull"/],
    ] as const) {
      for (const authorization of [undefined, wrong, `Bearer ${anonymous}`]) {
        const refusal = await get(manifestPath(behaviour), authorization);
        assert.equal(refusal.status, 401);
        assert.match(refusal.headers.get('www-authenticate') ?? '', challenge);
      }
      for (const authorization of [right, `Bearer ${token}`])
        assert.equal((await get(manifestPath(behaviour), authorization)).status, 200);
    }
  });

  test('is unavailable', async () => {
    assert.equal((await get(manifestPath('unavailable/'))).status, 503);
  });

  test('sends half of a layer, and then nothing', async () => {
    const { layers } = await manifestOf('stalled/');
    const gaveUp = new AbortController();
    const response = await get(await layerPath('stalled/'), undefined, { signal: gaveUp.signal });
    assert.equal(response.headers.get('content-length'), String(layers[0].size));
    let received = 0;
    const reader = response.body?.getReader();
    while (received < Math.floor(layers[0].size / 2)) received += (await reader?.read())?.value?.length ?? 0;
    assert.equal(received, Math.floor(layers[0].size / 2));
    gaveUp.abort();
  });

  test('ends the connection in a layer, wherever it is asked to go on', async () => {
    const path = await layerPath('truncated/');
    await assert.rejects((await get(path)).arrayBuffer());
    const { layers } = await manifestOf('truncated/');
    const rest = await fetch(`${origin}${path}`, {
      headers: { range: `bytes=${String(Math.floor(layers[0].size / 2))}-` },
    });
    assert.equal(rest.status, 206);
    await assert.rejects(rest.arrayBuffer());
  });

  test('sends other bytes than the digest says, and no layer at all', async () => {
    const { layers, config } = await manifestOf('corrupt/');
    const bytes = Buffer.from(await (await get(await layerPath('corrupt/'))).arrayBuffer());
    assert.equal(bytes.length, layers[0].size);
    assert.notEqual(digestOf(bytes), layers[0].digest);
    assert.equal((await get(await layerPath('no-layer/'))).status, 404);
    const configuration = await get(`/v2/crible/corrupt/${repository}/blobs/${config.digest}`);
    assert.equal(digestOf(Buffer.from(await configuration.arrayBuffer())), config.digest);
  });

  test('lets a tag move to what it has under another', async () => {
    const [one, two] = [await manifestOf('moving/'), await manifestOf('moving/', '2')];
    assert.notEqual(one.digest, two.digest);
    const put = (behaviour: string, body: string): Promise<Response> =>
      get(manifestPath(behaviour), undefined, { method: 'PUT', body });
    const stored = await put('moving/', two.text);
    assert.equal(stored.status, 201);
    assert.equal(stored.headers.get('docker-content-digest'), two.digest);
    assert.equal((await manifestOf('moving/')).digest, two.digest);
    assert.equal((await manifestOf('moving/', one.digest)).digest, one.digest);
    assert.equal((await manifestOf('')).digest, one.digest, 'other repositories have their own');
    assert.equal((await put('moving/', '{}')).status, 404);
    assert.equal((await put('', two.text)).status, 405);
  });
});
