import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Subject } from './testing.ts';

const subject = await Subject.start();
const { runtime, image: images } = subject.cri;

async function all<M, T>(stream: AsyncIterable<M>, items: (message: M) => readonly T[]): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const message of stream) found.push(...items(message));
  return found;
}

test('list streams hold what their unary twins hold, over several messages', async () => {
  const labels = { set: 'streamed' };
  const filter = { labelSelector: labels };
  for (let count = 0; count < 201; count += 1) await subject.pod({ labels });
  const { items } = await runtime.listPodSandbox({ filter });
  const sizes: number[] = [];
  const streamed = [];
  for await (const { podSandboxes } of runtime.streamPodSandboxes({ filter })) {
    sizes.push(podSandboxes.length);
    streamed.push(...podSandboxes);
  }
  assert.deepEqual(streamed, items);
  assert.deepEqual(sizes, [100, 100, 1]);
  for await (const { podSandboxes } of runtime.streamPodSandboxes({ filter: { id: 'f'.repeat(64) } })) {
    assert.fail(`a message with ${String(podSandboxes.length)} items, where there is nothing to tell`);
  }
});

test('every other list has its stream', async () => {
  const labelSelector = { set: 'work' };
  const filter = { labelSelector };
  for (let count = 0; count < 3; count += 1) {
    await subject.started(await subject.pod({ labels: labelSelector }), { labels: labelSelector });
  }
  const { containers } = await runtime.listContainers({ filter });
  assert.equal(containers.length, 3);
  assert.deepEqual(await all(runtime.streamContainers({ filter }), (message) => message.containers), containers);
  const { images: stored } = await images.listImages({});
  assert.equal(stored.length, 2);
  assert.deepEqual(await all(images.streamImages({}), (message) => message.images), stored);

  // Figures carry the time at which they were taken.
  const { stats } = await runtime.listContainerStats({ filter });
  const streamed = await all(runtime.streamContainerStats({ filter }), (message) => message.containerStats);
  assert.deepEqual(
    streamed.map(({ attributes, cpu }) => [attributes, cpu?.usageCoreNanoSeconds]),
    stats.map(({ attributes, cpu }) => [attributes, cpu?.usageCoreNanoSeconds]),
  );
  const { stats: podStats } = await runtime.listPodSandboxStats({ filter });
  const streamedPods = await all(runtime.streamPodSandboxStats({ filter }), (message) => message.podSandboxStats);
  assert.deepEqual(
    streamedPods.map(({ attributes, linux }) => [attributes, linux?.cpu?.usageCoreNanoSeconds]),
    podStats.map(({ attributes, linux }) => [attributes, linux?.cpu?.usageCoreNanoSeconds]),
  );
  assert.deepEqual([stats.length, podStats.length], [3, 3]);
});
