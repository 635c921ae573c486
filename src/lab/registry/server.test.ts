import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { digestOf, mediaTypes } from '../images/blob.ts';
import { ImageBuilder } from '../images/build.ts';
import { ImageStore } from '../images/image-store.ts';
import { createRegistry } from './server.ts';

const errorSchema = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) });
const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

describe('the loopback registry', () => {
  let server: Server;
  let base = '';
  before(async () => {
    const busybox = { path: '', program: Buffer.from('not a program'), applets: ['sh'] };
    server = createRegistry(new ImageStore(new ImageBuilder(busybox)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    base = `http://127.0.0.1:${String(address.port)}/v2/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const manifestOf = async (name: string, tag: string) => {
    const response = await fetch(`${base}crible/${name}/manifests/${tag}`);
    assert.equal(response.status, 200);
    return { response, text: await response.text() };
  };
  const errorOf = async (path: string, init?: RequestInit): Promise<string> => {
    const response = await fetch(base + path, init);
    const { errors } = errorSchema.parse(await response.json());
    return `${String(response.status)} ${errors[0]?.code ?? ''}`;
  };

  test('serves manifests by tag and by digest, and answers HEAD alike', async () => {
    const { response, text } = await manifestOf('shell', '1');
    const digest = response.headers.get('docker-content-digest') ?? '';
    assert.equal(digest, digestOf(Buffer.from(text)));
    assert.equal(response.headers.get('content-type'), mediaTypes.manifest);
    assert.equal((await manifestOf('shell', digest)).text, text);
    const head = await fetch(`${base}crible/shell/manifests/1`, { method: 'HEAD' });
    assert.equal(head.headers.get('docker-content-digest'), digest);
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(text)));
    assert.equal(await head.text(), '');
  });

  test('serves blobs whole and in ranges', async () => {
    const { text } = await manifestOf('mint/any/name', 'any-tag');
    const manifest = manifestSchema.parse(JSON.parse(text));
    for (const digest of [manifest.config.digest, ...manifest.layers.map((layer) => layer.digest)]) {
      const url = `${base}crible/mint/any/name/blobs/${digest}`;
      const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
      assert.equal(digestOf(whole), digest);
      const rest = await fetch(url, { headers: { range: 'bytes=10-' } });
      assert.equal(rest.status, 206);
      assert.deepEqual(Buffer.from(await rest.arrayBuffer()), whole.subarray(10));
      const beyond = await fetch(url, { headers: { range: `bytes=${String(whole.length)}-` } });
      assert.equal(beyond.status, 416);
    }
  });

  test('a manifest by digest can be the first thing that is asked for', async () => {
    const { response } = await manifestOf('env', '1');
    const digest = response.headers.get('docker-content-digest') ?? '';
    const busybox = { path: '', program: Buffer.from('not a program'), applets: ['sh'] };
    const fresh = new ImageStore(new ImageBuilder(busybox));
    assert.equal((await fresh.blob('env', digest))?.digest, digest);
  });

  test('refuses with the error bodies of the specification', async () => {
    const absent = `sha256:${'0'.repeat(64)}`;
    assert.equal(await errorOf('crible/nope/manifests/1'), '404 NAME_UNKNOWN');
    assert.equal(await errorOf('elsewhere/shell/manifests/1'), '404 NAME_UNKNOWN');
    assert.equal(await errorOf('crible/shell/manifests/9'), '404 MANIFEST_UNKNOWN');
    assert.equal(await errorOf(`crible/shell/manifests/${absent}`), '404 MANIFEST_UNKNOWN');
    assert.equal(await errorOf(`crible/shell/blobs/${absent}`), '404 BLOB_UNKNOWN');
    assert.equal(await errorOf('nonsense'), '404 NAME_UNKNOWN');
    assert.equal(await errorOf('crible/shell/blobs/uploads/', { method: 'POST' }), '405 UNSUPPORTED');
  });

  test('lists tags', async () => {
    assert.deepEqual(await (await fetch(`${base}crible/tags/tags/list`)).json(), {
      name: 'crible/tags',
      tags: ['1', '2', '3'],
    });
  });
});
