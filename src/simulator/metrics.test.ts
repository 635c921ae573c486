import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricType } from '../cri/messages.ts';
import type { Metric } from '../cri/messages.ts';
import { imageName, Subject } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();
const containerId = await subject.started(pod, { metadata: { name: 'main' } });

async function metrics(): Promise<readonly Metric[]> {
  const { podMetrics } = await runtime.listPodSandboxMetrics({});
  assert.deepEqual(
    podMetrics.map(({ podSandboxId, containerMetrics }) => [
      podSandboxId,
      containerMetrics.map((one) => one.containerId),
    ]),
    [[pod, [containerId]]],
  );
  return podMetrics.flatMap((one) => [...one.metrics, ...one.containerMetrics.flatMap((each) => each.metrics)]);
}

test('every metric has its descriptor, and a value for every label of it', async () => {
  const { descriptors } = await runtime.listMetricDescriptors({});
  const keys = new Map(descriptors.map(({ name, labelKeys }) => [name, labelKeys]));
  assert.equal(keys.size, descriptors.length);
  assert.ok(descriptors.every(({ help }) => help !== ''));
  const found = await metrics();
  assert.deepEqual(new Set(found.map(({ name }) => name)), new Set(keys.keys()));
  for (const { name, labelValues, timestamp } of found) {
    assert.equal(labelValues.length, keys.get(name)?.length, name);
    assert.ok(timestamp > 0n);
  }
  const working = found.find(({ name }) => name === 'container_memory_working_set_bytes');
  assert.deepEqual(working?.labelValues, [containerId, imageName, 'test', 'pod-0', 'main']);
});

test('counters rise with work and never fall', async () => {
  const counters = async (): Promise<ReadonlyMap<string, bigint>> =>
    new Map(
      (await metrics())
        .filter(({ metricType }) => metricType === MetricType.COUNTER)
        .map(({ name, labelValues, value }) => [`${name} ${labelValues.join()}`, value?.value ?? 0n]),
    );
  const before = await counters();
  await runtime.execSync({ containerId, cmd: ['sh', '-c', 'for i in 1 2 3; do echo $i > f; done'] });
  const after = await counters();
  for (const [name, value] of before) assert.ok((after.get(name) ?? -1n) >= value, name);
  const risen = [...before].filter(([name, value]) => (after.get(name) ?? 0n) > value).map(([name]) => name);
  assert.ok(risen.some((name) => name.startsWith('container_memory_failures_total')));
  const written = (await metrics()).find(({ name }) => name === 'container_fs_usage_bytes');
  assert.equal(written?.value?.value, 2n);
});

test('the stream holds what the list holds', async () => {
  const untimed = (found: readonly Metric[]) => found.map(({ name, labelValues }) => [name, ...labelValues]);
  const streamed: Metric[] = [];
  for await (const { podSandboxMetrics } of runtime.streamPodSandboxMetrics({})) {
    streamed.push(
      ...podSandboxMetrics.flatMap((one) => [...one.metrics, ...one.containerMetrics.flatMap((each) => each.metrics)]),
    );
  }
  assert.deepEqual(untimed(streamed), untimed(await metrics()));
});
