import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { fixtureImages, mintReference, sizedReference } from '../../kit/fixture-images.ts';
import { digestOf, mediaTypes } from './blob.ts';
import { ImageBuilder, type BuiltImage } from './build.ts';
import { writeLayout } from './export-images.ts';
import { ImageStore } from './image-store.ts';
import { catalogueReferences, recipeOf, splitReference, tagsOf } from './reference.ts';

const fakeBusybox = { path: '', program: Buffer.from('not a program'), applets: ['busybox', 'sh', 'sleep'] };

const configSchema = z.object({
  config: z.record(z.string(), z.unknown()),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});
const manifestSchema = z.object({
  config: z.object({ digest: z.string(), size: z.number() }),
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string(), size: z.number() })),
});

async function imageOf(reference: string): Promise<BuiltImage> {
  const { repository, tag } = splitReference(reference);
  const image = await new ImageStore(new ImageBuilder(fakeBusybox)).image(repository, tag);
  assert.ok(image, `there is ${reference}`);
  return image;
}

async function filesOf(image: BuiltImage): Promise<Map<string, { type: string; text: string; mode: number }>> {
  const files = new Map<string, { type: string; text: string; mode: number }>();
  for (const { mediaType, data } of image.layers) {
    const tar = mediaType === mediaTypes.gzipLayer ? gunzipSync(data) : data;
    for await (const entry of Readable.from([tar]).pipe(extract())) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(z.instanceof(Buffer).parse(chunk));
      const { name, type, mode } = entry.header;
      files.set(name, { type, text: Buffer.concat(chunks).toString(), mode });
    }
  }
  return files;
}

describe('fixture images', () => {
  test('every one is complete and consistent', { timeout: 60_000 }, async () => {
    for (const reference of catalogueReferences()) {
      const image = await imageOf(reference);
      const manifest = manifestSchema.parse(JSON.parse(image.manifest.data.toString()));
      const { rootfs } = configSchema.parse(JSON.parse(image.config.data.toString()));
      for (const { digest, data } of [image.manifest, image.config, ...image.layers])
        assert.equal(digest, digestOf(data));
      assert.equal(manifest.config.digest, image.config.digest);
      assert.deepEqual(
        manifest.layers.map(({ digest, size }) => [digest, size]),
        image.layers.map(({ digest, data }) => [digest, data.length]),
      );
      const unzipped = image.layers.map(({ mediaType, data }) =>
        digestOf(mediaType === mediaTypes.gzipLayer ? gunzipSync(data) : data),
      );
      assert.deepEqual(rootfs.diff_ids, unzipped, `${reference}: diff ids are those of the uncompressed layers`);
    }
  });

  test('are a function of their reference', async () => {
    const references = ['shell:1', mintReference('a/b', 'x'), sizedReference(3, 8, 'c')];
    const digests = await Promise.all(references.map(async (name) => (await imageOf(name)).manifest.digest));
    const again = await Promise.all(references.map(async (name) => (await imageOf(name)).manifest.digest));
    assert.deepEqual(again, digests);
  });

  test('tags name one image; minted images share nothing but the shell', async () => {
    const [one, two] = [await imageOf('tags:1'), await imageOf('tags:3')];
    assert.equal(one.manifest.digest, two.manifest.digest);
    const [twin, other] = [await imageOf('twin-one:1'), await imageOf('twin-two:1')];
    assert.equal(twin.manifest.digest, other.manifest.digest);
    const [a, b] = [await imageOf(mintReference('a')), await imageOf(mintReference('b'))];
    assert.notEqual(a.config.digest, b.config.digest);
    assert.equal(a.layers[0]?.digest, b.layers[0]?.digest);
    assert.notEqual(a.layers[1]?.digest, b.layers[1]?.digest);
  });

  test('configuration says what the catalogue says', async () => {
    const configOf = async (name: string): Promise<Record<string, unknown>> =>
      configSchema.parse(JSON.parse((await imageOf(`${name}:1`)).config.data.toString())).config;
    assert.equal((await configOf('user-name-gid'))['User'], 'www-data:1004');
    assert.equal((await configOf('stop-signal'))['StopSignal'], 'SIGINT');
    assert.deepEqual((await configOf('entrypoint-cmd'))['Cmd'], fixtureImages['entrypoint-cmd'].cmd);
    assert.equal((await configOf('working-dir'))['WorkingDir'], '/var/crible');
    assert.deepEqual((await configOf('shell'))['Labels'], { 'crible.image': 'shell' });
  });

  test('the shell image has applets, users, groups and a sticky /tmp', async () => {
    const files = await filesOf(await imageOf('shell:1'));
    assert.equal(files.get('bin/busybox')?.text, 'not a program');
    assert.equal(files.get('bin/sleep')?.type, 'symlink');
    assert.match(files.get('etc/passwd')?.text ?? '', /^www-data:x:33:33:/m);
    assert.match(files.get('etc/group')?.text ?? '', /^group-defined-in-image:x:50000:default-user$/m);
    assert.equal(files.get('tmp/')?.mode, 0o1777);
  });

  test('layers have the sizes asked for', async () => {
    const files = await filesOf(await imageOf('layers-small:1'));
    const { layerCount, layerSizeBytes } = fixtureImages['layers-small'].content;
    assert.equal(files.size, layerCount);
    const { layers } = await imageOf(sizedReference(2, 64, 'x'));
    assert.equal(layers.length, 2);
    assert.ok(
      layers.every(({ data }) => data.length >= 64 * 1024 && data.length < 68 * 1024),
      'and nothing shrinks',
    );
    assert.notEqual(layers[0]?.digest, layers[1]?.digest);
    assert.ok(layerSizeBytes > 0);
  });

  test('names that are no image', () => {
    const nothing = ['nope:1', 'shell:2', 'mint/:1', 'mint/UPPER:1', 'sized/0x1k/a:1', 'sized/999x9999999k/a:1'];
    for (const reference of [...nothing, 'mint/a:bad tag', 'mint/../a:1']) {
      const { repository, tag } = splitReference(reference);
      assert.equal(recipeOf(repository, tag), undefined, reference);
    }
    assert.deepEqual(tagsOf('tags'), ['1', '2', '3']);
  });
});

test('a store that must forget builds again, with the same digest', async () => {
  const store = new ImageStore(new ImageBuilder(fakeBusybox), 1);
  const first = await store.image('mint/a', 'tag');
  await store.image('mint/b', '1');
  const layer = first?.layers[1]?.digest ?? '';
  assert.equal((await store.blob('mint/a', layer))?.digest, layer, 'found although its image was dropped');
  assert.equal(await store.blob('mint/b', layer), undefined, 'a blob belongs to its repository');
});

test('an image layout names its images and holds every blob', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crible-layout-'));
  try {
    const image = await imageOf('tags:1');
    async function* images() {
      for (const tag of ['1', '2']) yield await Promise.resolve({ repository: 'tags', tag, image });
    }
    assert.deepEqual(await writeLayout(folder, 'registry.example/x', images()), ['tags:1', 'tags:2']);
    const index = z
      .object({ manifests: z.array(z.object({ digest: z.string(), annotations: z.record(z.string(), z.string()) })) })
      .parse(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')));
    assert.deepEqual(
      index.manifests.map(({ annotations }) => annotations['org.opencontainers.image.ref.name']),
      ['tags:1', 'tags:2'],
    );
    assert.equal(index.manifests[1]?.annotations['io.containerd.image.name'], 'registry.example/x/tags:2');
    for (const { digest } of [image.manifest, image.config, ...image.layers]) {
      assert.equal(digestOf(readFileSync(join(folder, 'blobs', ...digest.split(':')))), digest);
    }
    assert.match(readFileSync(join(folder, 'oci-layout'), 'utf8'), /"imageLayoutVersion":"1.0.0"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
