import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { connect } from '../cri/client.ts';
import { sandboxImageName } from './sandbox-image.ts';
import { startSimulator } from './simulator.ts';
import { withCode } from './testing.ts';

const digestOf = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const sharedLayer = { digest: digestOf('shared'), size: 5000 };

/** An image of a registry: its configuration, and a manifest with a layer of its own and one that all share. */
function image(name: string, user = '') {
  const configuration = JSON.stringify({ architecture: 'amd64', config: { User: user, Cmd: ['sh'] }, name });
  const config = { digest: digestOf(configuration), size: configuration.length };
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config,
    layers: [sharedLayer, { digest: digestOf(name), size: 100 }],
  });
  return { id: config.digest, configuration, manifest, digest: digestOf(manifest) };
}

const one = image('one');
const two = image('two', '1003:1004');
const three = image('three', 'www-data:1004');
const stored = new Map([
  ['/v2/test/one/manifests/1', one.manifest],
  ['/v2/test/one/manifests/latest', one.manifest],
  [`/v2/test/one/manifests/${one.digest}`, one.manifest],
  ['/v2/other/one/manifests/x', one.manifest],
  ['/v2/test/two/manifests/1', two.manifest],
  ['/v2/test/three/manifests/1', three.manifest],
  ['/v2/test/broken/manifests/1', '{}'],
  ['/v2/test/corrupt/manifests/1', one.manifest],
  [`/v2/test/corrupt/blobs/${one.id}`, one.configuration],
  [`/v2/test/corrupt/blobs/${sharedLayer.digest}`, 'something else'],
  [`/v2/test/one/manifests/${digestOf('lie')}`, one.manifest],
]);
const contents = [one, two, three].map(({ configuration }) => configuration).concat('shared', 'one', 'two', 'three');
for (const content of contents) {
  for (const name of ['test/one', 'other/one', 'test/two', 'test/three'])
    stored.set(`/v2/${name}/blobs/${digestOf(content)}`, content);
}
const http = createServer((request, response) => {
  const content = stored.get(request.url ?? '');
  response.writeHead(content === undefined ? 404 : 200).end(content);
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
const { image: images } = cri;
const pull = async (name: string): Promise<string> =>
  (await images.pullImage({ image: { image: `${registry}/${name}` } })).imageRef;
const status = async (name: string) => (await images.imageStatus({ image: { image: name } })).image;
const remove = (name: string) => images.removeImage({ image: { image: name } });

test('an image has one id and all the names it was pulled by', async () => {
  assert.deepEqual(await Promise.all([pull('test/one:1'), pull('test/one'), pull('other/one:x')]), [
    one.id,
    one.id,
    one.id,
  ]);
  const found = await status(`${registry}/test/one:1`);
  assert.deepEqual(found?.repoTags.toSorted(), [
    `${registry}/other/one:x`,
    `${registry}/test/one:1`,
    `${registry}/test/one:latest`,
  ]);
  assert.deepEqual(found.repoDigests.toSorted(), [
    `${registry}/other/one@${one.digest}`,
    `${registry}/test/one@${one.digest}`,
  ]);
  assert.equal(found.size, BigInt(one.manifest.length + one.configuration.length + 5100));
  for (const name of [one.id, one.id.slice('sha256:'.length), `${registry}/test/one`, ...found.repoDigests]) {
    assert.deepEqual(await status(name), found, name);
  }
  assert.equal((await images.listImages({})).images.length, 1);
  await remove(`${registry}/other/one:x`);
  for (const name of [...found.repoTags, ...found.repoDigests, one.id])
    assert.equal(await status(name), undefined, name);
  await remove(one.id);
});

test('an image that was pulled by digest has no tag', async () => {
  await pull(`test/one@${one.digest}`);
  const found = await status(one.id);
  assert.deepEqual([found?.repoTags, found?.repoDigests], [[], [`${registry}/test/one@${one.digest}`]]);
  await remove(one.id);
});

test('a tag moves to the image that it was pulled for last', async () => {
  await pull('test/one:1');
  stored.set('/v2/test/one/manifests/1', two.manifest);
  await pull('test/one:1');
  stored.set('/v2/test/one/manifests/1', one.manifest);
  assert.deepEqual((await status(one.id))?.repoTags, []);
  assert.deepEqual((await status(two.id))?.repoTags, [`${registry}/test/one:1`]);
  await Promise.all([remove(one.id), remove(two.id)]);
});

test('the user of an image is a number or a name', async () => {
  await Promise.all([pull('test/two:1'), pull('test/three:1')]);
  const [number, name] = await Promise.all([status(two.id), status(three.id)]);
  assert.deepEqual([number?.uid?.value, number?.username], [1003n, '']);
  assert.deepEqual([name?.uid, name?.username], [undefined, 'www-data']);
  const { images: listed } = await images.listImages({ filter: { image: { image: two.id } } });
  assert.deepEqual(
    listed.map(({ id }) => id),
    [two.id],
  );
  await Promise.all([remove(two.id), remove(three.id)]);
});

test('the image file system grows with what is pulled, shared layers once, and shrinks again', async () => {
  const used = async (): Promise<bigint> => {
    const [fileSystem] = (await images.imageFsInfo({})).imageFilesystems;
    assert.ok(fileSystem && fileSystem.timestamp > 0n && fileSystem.fsId?.mountpoint.startsWith('/'));
    return fileSystem.usedBytes?.value ?? 0n;
  };
  assert.equal(await used(), 0n);
  await pull('test/one:1');
  const first = await used();
  await pull('test/two:1');
  const second = await used();
  assert.equal(first, BigInt(5100 + one.manifest.length + one.configuration.length));
  assert.equal(second - first, BigInt(100 + two.manifest.length + two.configuration.length));
  await Promise.all([remove(one.id), remove(two.id)]);
  assert.equal(await used(), 0n);
});

test('what cannot be pulled says why', async () => {
  await assert.rejects(pull('test/one:absent'), withCode('NotFound'));
  await assert.rejects(pull('absent/x:1'), withCode('NotFound'));
  await assert.rejects(pull('test/broken:1'), withCode('InvalidArgument'));
  await assert.rejects(pull('!!bad!!'), withCode('InvalidArgument'));
  await assert.rejects(pull(`test/one@${digestOf('lie')}`), withCode('DataLoss'));
  const elsewhere = images.pullImage({ image: { image: 'registry.example/x:1' } });
  const unavailable = { ...withCode('Unknown'), details: /^RegistryUnavailable: / };
  await assert.rejects(elsewhere, unavailable);
  await assert.rejects(images.pullImage({ image: { image: '127.0.0.1:1/x:1' } }), unavailable);
  await assert.rejects(pull('test/corrupt:1'), withCode('DataLoss'));
  await assert.rejects(images.pullImage({}), withCode('InvalidArgument'));
  assert.deepEqual((await images.listImages({})).images, []);
});

test('an image that is not there is nothing to ask or remove, and no error', async () => {
  assert.equal(await status(`${registry}/test/one:1`), undefined);
  await remove('0'.repeat(64));
  await remove(`${registry}/test/one:1`);
});

test('the image of the sandboxes is pinned, and there again for the next one when it was removed', async () => {
  const run = (name: string) =>
    cri.runtime.runPodSandbox({ config: { metadata: { name, namespace: 'test', uid: 'uid' } } });
  await run('one');
  await pull('test/one:1');
  const pins = async () => (await images.listImages({})).images.map(({ repoTags, pinned }) => [repoTags[0], pinned]);
  const ofUser = [`${registry}/test/one:1`, false];
  const ofSandboxes = [sandboxImageName, true];
  assert.deepEqual(await pins(), [ofSandboxes, ofUser]);
  await remove(sandboxImageName);
  assert.deepEqual(await pins(), [ofUser]);
  await run('two');
  assert.deepEqual(await pins(), [ofUser, ofSandboxes]);
});
