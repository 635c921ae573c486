import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, test } from 'node:test';
import { UsageError } from '../../model/error.ts';
import { LabError } from '../lab-error.ts';
import { digestOf } from './blob.ts';
import { ImageBuilder } from './build.ts';
import { ImageStore } from './image-store.ts';
import { pushImage } from './push-images.ts';
import { RegistryClient } from './registry-client.ts';

interface FakeRegistry {
  readonly address: string;
  readonly blobs: Map<string, string>;
  readonly manifests: Map<string, string>;
  readonly requests: string[];
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A registry that takes uploads, checks digests, and asks for what `guard` asks for. */
async function fakeRegistry(
  guard: (request: IncomingMessage, origin: string) => string | undefined,
): Promise<FakeRegistry> {
  const blobs = new Map<string, string>();
  const manifests = new Map<string, string>();
  const requests: string[] = [];
  let origin = '';
  const handle = async (
    request: IncomingMessage,
  ): Promise<{ status: number; headers?: Record<string, string>; body?: string }> => {
    const url = new URL(request.url ?? '', origin);
    const body = await buffer(request);
    requests.push(`${request.method ?? ''} ${url.pathname}`);
    if (url.pathname === '/token') {
      const basic = request.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`;
      return basic
        ? { status: 200, body: JSON.stringify({ token: `for ${url.searchParams.get('scope') ?? ''}` }) }
        : { status: 401 };
    }
    const challenge = guard(request, origin);
    if (challenge !== undefined) return { status: 401, headers: { 'www-authenticate': challenge } };
    if (request.method === 'HEAD') return { status: blobs.has(url.pathname.split('/').at(-1) ?? '') ? 200 : 404 };
    if (request.method === 'POST') return { status: 202, headers: { location: '/upload/1?state=x' } };
    if (url.pathname.startsWith('/upload/')) {
      const digest = url.searchParams.get('digest') ?? '';
      if (digestOf(body) !== digest || url.searchParams.get('state') !== 'x')
        return { status: 400, body: 'DIGEST_INVALID' };
      blobs.set(digest, body.toString('latin1'));
      return { status: 201 };
    }
    manifests.set(url.pathname, body.toString());
    return { status: 201 };
  };
  server = createServer((request, response) => {
    void handle(request).then(({ status, headers = {}, body = '' }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  origin = `http://127.0.0.1:${String(address.port)}`;
  return { address: `127.0.0.1:${String(address.port)}`, blobs, manifests, requests };
}

async function shell() {
  const busybox = { path: '', program: Buffer.from('not a program'), applets: ['sh'] };
  const image = await new ImageStore(new ImageBuilder(busybox)).image('shell', '1');
  assert.ok(image);
  return { repository: 'shell', tag: '1', image };
}

describe('pushing images', () => {
  test('to an open registry, and again without uploading anything twice', async () => {
    const registry = await fakeRegistry(() => undefined);
    const named = await shell();
    const client = new RegistryClient(`${registry.address}/team/crible`);
    await pushImage(client, named);
    assert.equal(registry.manifests.get('/v2/team/crible/shell/manifests/1'), named.image.manifest.data.toString());
    assert.deepEqual(
      [...registry.blobs.keys()].sort(),
      [...named.image.layers, named.image.config].map(({ digest }) => digest).sort(),
    );
    registry.requests.length = 0;
    await pushImage(client, named);
    assert.ok(!registry.requests.some((request) => request.startsWith('POST')));
  });

  test('with basic authentication', async () => {
    const expected = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const registry = await fakeRegistry(({ headers }) =>
      headers.authorization === expected ? undefined : 'Basic realm="registry"',
    );
    await pushImage(new RegistryClient(registry.address, { username: 'me', password: 'secret' }), await shell());
    assert.equal(registry.manifests.size, 1);
    await assert.rejects(
      pushImage(new RegistryClient(registry.address), await shell()),
      (error) => error instanceof LabError && error.message.includes('401') && error.advice.includes('credentials'),
    );
  });

  test('with bearer tokens that are good for one scope', async () => {
    const registry = await fakeRegistry(({ headers, method = '' }, origin) => {
      const scope = `repository:shell:${method === 'HEAD' ? 'pull' : 'pull,push'}`;
      if (headers.authorization === `Bearer for ${scope}`) return undefined;
      return `Bearer realm="${origin}/token",service="registry",scope="${scope}"`;
    });
    await pushImage(new RegistryClient(registry.address, { username: 'me', password: 'secret' }), await shell());
    assert.equal(registry.manifests.size, 1);
    assert.ok(registry.requests.includes('GET /token'));
  });

  test('says which registry is not there, and what is no registry', async () => {
    await assert.rejects(
      pushImage(new RegistryClient('127.0.0.1:9/x'), await shell()),
      (error) => error instanceof LabError && error.message.includes('http://127.0.0.1:9'),
    );
    assert.throws(() => new RegistryClient('not a registry'), UsageError);
  });
});
