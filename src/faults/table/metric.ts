import { MetricType } from '../../cri/messages.ts';
import type { Metric, PodSandboxMetrics } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, frozen } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const provenOn = 'simulator';

/** What ListMetricDescriptors and ListPodSandboxMetrics promise. */
export const metricFaults: readonly Fault[] = [
  fault({
    name: 'metrics-not-described',
    breaks: 'ListMetricDescriptors describes metrics',
    kills: ['metric/descriptors#some'],
    provenOn,
    how: answer('ListMetricDescriptors', (answered) => {
      answered.descriptors = [];
    }),
  }),
  fault({
    name: 'metrics-described-twice',
    breaks: 'ListMetricDescriptors describes each metric once',
    kills: ['metric/descriptors#unique'],
    provenOn,
    how: answer('ListMetricDescriptors', (answered) => {
      answered.descriptors = answered.descriptors.flatMap((one) => [one, one]);
    }),
  }),
  fault({
    name: 'metric-without-help',
    breaks: 'a descriptor has a help text',
    kills: ['metric/descriptors#help'],
    provenOn,
    how: answer('ListMetricDescriptors', ({ descriptors: [first] }) => {
      if (first) first.help = '';
    }),
  }),
  fault({
    name: 'metric-descriptor-disappears',
    breaks: 'ListMetricDescriptors answers always the same',
    kills: ['metric/descriptors#static'],
    provenOn,
    rpcs: ['ListMetricDescriptors'],
    how: () => {
      let calls = 0;
      return answer('ListMetricDescriptors', ({ descriptors }) => {
        if (calls++ > 0) descriptors.pop();
      });
    },
  }),
  fault({
    name: 'metrics-without-pods',
    breaks: 'ListPodSandboxMetrics has every ready pod sandbox',
    kills: ['metric/have-descriptors#pod'],
    provenOn,
    how: answer('ListPodSandboxMetrics', (answered) => {
      answered.podMetrics = [];
    }),
  }),
  ofPods('metrics-without-containers', 'a pod’s metrics have those of its containers', ['container'], (pod) => {
    pod.containerMetrics = [];
  }),
  ofPods('metrics-of-container-empty', 'a running container has metrics', ['some'], ({ containerMetrics }) => {
    for (const container of containerMetrics) container.metrics = [];
  }),
  ofPods('metric-of-another-name', 'every metric has a descriptor', ['described'], ({ containerMetrics }) => {
    for (const metric of containerMetrics[0]?.metrics.slice(0, 1) ?? []) metric.name = 'container_of_crible';
  }),
  ofPods('metric-with-fewer-labels', 'a metric has a value for each label', ['labels'], ({ containerMetrics }) => {
    for (const metric of containerMetrics[0]?.metrics.slice(0, 1) ?? []) metric.labelValues.pop();
  }),
  fault({
    name: 'metric-of-cadvisor-not-described',
    breaks: 'a runtime with the metrics of cAdvisor describes all of them',
    kills: ['metric/of-cadvisor#described'],
    provenOn,
    how: answer('ListMetricDescriptors', (answered) => {
      answered.descriptors = answered.descriptors.filter(({ name }) => name !== 'container_memory_rss');
    }),
  }),
  ofPods('metrics-given-twice', 'a metric is given once', ['each-once'], ({ containerMetrics }) => {
    for (const container of containerMetrics) container.metrics.push(...container.metrics.slice(0, 1));
  }),
  fault({
    name: 'metric-of-cadvisor-not-measured',
    breaks: 'a runtime with the metrics of cAdvisor measures all of them',
    kills: ['metric/of-cadvisor#measured'],
    provenOn,
    how: answer('ListPodSandboxMetrics', ({ podMetrics }) => {
      for (const container of podMetrics.flatMap(({ containerMetrics }) => containerMetrics))
        container.metrics = container.metrics.filter(({ name }) => name !== 'container_memory_rss');
    }),
  }),
  fault({
    name: 'metrics-dated-in-seconds',
    breaks: 'the timestamp of a metric is 0 or in ns',
    kills: ['metric/move#timestamp'],
    provenOn,
    how: ofMetrics((metric) => {
      metric.timestamp = BigInt(Math.floor(Date.now() / 1000));
    }),
  }),
  fault({
    name: 'metrics-frozen',
    breaks: 'metrics are measured again and again',
    kills: ['metric/move#moves'],
    provenOn,
    how: frozen('ListPodSandboxMetrics', () => ''),
  }),
  fault({
    name: 'metric-counter-falls',
    breaks: 'a counter never falls',
    kills: ['metric/move#counters'],
    provenOn,
    rpcs: ['ListPodSandboxMetrics'],
    how: () => {
      let calls = 0n;
      return [
        answer('ListPodSandboxMetrics', () => {
          calls += 1n;
        }),
        ofMetrics(({ metricType, value }) => {
          if (metricType === MetricType.COUNTER && value) value.value = 1_000_000n - calls;
        }),
      ];
    },
  }),
];

function ofPods(
  name: string,
  breaks: string,
  keys: readonly string[],
  change: (pod: PodSandboxMetrics) => void,
): Fault {
  return fault({
    ...{ name, breaks, provenOn },
    kills: keys.map((key) => `metric/have-descriptors#${key}`),
    how: answer('ListPodSandboxMetrics', ({ podMetrics }) => {
      for (const pod of podMetrics) change(pod);
    }),
  });
}

function ofMetrics(change: (metric: Metric) => void): Break {
  return answer('ListPodSandboxMetrics', ({ podMetrics }) => {
    for (const { metrics, containerMetrics } of podMetrics)
      for (const metric of [...metrics, ...containerMetrics.flatMap((one) => one.metrics)]) change(metric);
  });
}
