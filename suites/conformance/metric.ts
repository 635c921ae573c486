import { MetricType } from '../../src/cri/messages.ts';
import type { Metric, MetricDescriptor, PodSandboxMetrics } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import { earliestNs } from './ask.ts';
import { described, measuredAlways } from './cadvisor-metrics.ts';
import { measuredMs, measuredTimeoutMs } from './usage.ts';

const needs = ['rpc:ListMetricDescriptors', 'rpc:ListPodSandboxMetrics'];

export const cases = [
  defineCase({
    id: 'metric/descriptors',
    title: 'describes each of its metrics once, with a help text and labels, and always alike',
    level: 'specified',
    rpcs: ['ListMetricDescriptors'],
    basis: [
      { kind: 'proto', text: 'MetricDescriptor: name is a unique identifier; label_keys are the labels it may have' },
      { kind: 'proto', text: 'ListMetricDescriptors: static at startup' },
    ],
    needs: ['rpc:ListMetricDescriptors'],
    critest: ['ME-1#help'],
    async run(context) {
      const { expect } = context;
      const descriptors = await metricDescriptors(context);
      const names = descriptors.map(({ name }) => name);
      expect.that('some', names.length > 0, 'a runtime that has the RPC has metrics', {
        expected: 'at least one descriptor',
        actual: names,
      });
      const twice = names.filter((name, place) => names.indexOf(name) !== place);
      expect.equal('unique', twice, [], 'names that were described before');
      const bare = descriptors.filter(({ name, help, labelKeys }) => !name || !help || labelKeys.length === 0);
      expect.equal<unknown>('help', bare, [], 'descriptors without a name, a help text or labels');
      const again = await metricDescriptors(context, 'descriptors-again');
      expect.equal<unknown>('static', byName(again), byName(descriptors), 'the descriptors when asked again');
    },
  }),

  defineCase({
    id: 'metric/have-descriptors',
    revision: 2,
    title: 'gives metrics of a pod’s container, each with a descriptor and the values of its labels',
    level: 'specified',
    rpcs: ['ListPodSandboxMetrics', 'ListMetricDescriptors'],
    basis: [
      { kind: 'proto', text: 'Metric.name: must match a name of a descriptor, otherwise it is ignored' },
      {
        kind: 'proto',
        text: 'Metric.label_values: correspond to the label_keys; of different length is undefined behaviour',
      },
      { kind: 'kubelet', text: 'hands them on to Prometheus, which takes none when one series is there twice' },
    ],
    needs,
    critest: ['ME-2#labels'],
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.podSandbox();
      const { id } = await given.startedContainer(pod);
      const descriptors = new Map((await metricDescriptors(context)).map((one) => [one.name, one]));
      const ofPod = (await podSandboxMetrics(context)).find(({ podSandboxId }) => podSandboxId === pod.id);
      const { metrics, containerMetrics } = expect.present('pod', ofPod, 'the metrics of the pod');
      const ofContainer = containerMetrics.find(({ containerId }) => containerId === id);
      const container = expect.present('container', ofContainer, 'container_metrics of its container');
      expect.that('some', container.metrics.length > 0, 'the metrics of a running container', {
        expected: 'at least one',
        actual: container.metrics,
      });
      const all = [...metrics, ...container.metrics];
      const strangers = all.map(({ name }) => name).filter((name) => !descriptors.has(name));
      expect.equal('described', strangers, [], 'metrics without a descriptor');
      const uneven = all.filter(
        ({ name, labelValues }) => descriptors.get(name)?.labelKeys.length !== labelValues.length,
      );
      expect.equal<unknown>('labels', uneven, [], 'metrics with more or fewer values than their descriptor has labels');
      const series = all.map(({ name, labelValues }) => JSON.stringify([name, ...labelValues]));
      const twice = series.filter((one, place) => series.indexOf(one) !== place);
      expect.equal('each-once', twice, [], 'names with the values of labels that were there before');
      observe('metric.names', [...new Set(all.map(({ name }) => name))].sort());
    },
  }),

  defineCase({
    id: 'metric/of-cadvisor',
    title: 'has the metrics that a node’s monitoring knows from cAdvisor',
    level: 'optional',
    rpcs: ['ListMetricDescriptors', 'ListPodSandboxMetrics'],
    basis: [
      {
        kind: 'kep',
        text: 'KEP-2371: the runtime gives the metrics of /metrics/cadvisor in cAdvisor’s place, by their names',
      },
    ],
    needs,
    critest: ['ME-1#described', 'ME-2#measured'],
    async run(context) {
      const { given, expect } = context;
      const resources = { cpuPeriod: 100_000n, cpuQuota: 20_000n, cpuShares: 1024n, memoryLimitInBytes: 67_108_864n };
      const pod = await given.podSandbox();
      await given.startedContainer(pod, { linux: { resources } });
      const names = new Set((await metricDescriptors(context)).map(({ name }) => name));
      const unknown = described.filter((name) => !names.has(name));
      expect.equal('described', unknown, [], 'names of cAdvisor’s metrics that have no descriptor');
      const series = seriesOf(await podSandboxMetrics(context), pod.id);
      const found = new Set([...series.values()].map(({ name }) => name));
      const missing = measuredAlways.filter((name) => !found.has(name));
      expect.equal('measured', missing, [], 'names of cAdvisor’s metrics that the pod and its container do not have');
    },
  }),

  defineCase({
    id: 'metric/move',
    title: 'measures metrics again and again, and lets no counter fall',
    level: 'specified',
    rpcs: ['ListPodSandboxMetrics'],
    basis: [
      {
        kind: 'proto',
        text: 'MetricType: a COUNTER only rises; Metric.timestamp: 0, or when a cached metric was collected',
      },
      { kind: 'kep', text: 'KEP-2371: the kubelet hands them on to Prometheus' },
    ],
    needs,
    timeoutMs: measuredTimeoutMs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod);
      const first = seriesOf(await podSandboxMetrics(context), pod.id);
      const timeless = [...first.values()].filter(({ timestamp }) => timestamp !== 0n && timestamp < earliestNs);
      expect.equal<unknown>('timestamp', timeless, [], 'metrics with a timestamp that is neither 0 nor in ns');
      const later = await expect.eventually(
        'moves',
        async () => seriesOf(await podSandboxMetrics(context, 'metrics-again'), pod.id),
        (series) => [...series].some(([name, { value }]) => value?.value !== first.get(name)?.value?.value),
        'some metric of a pod changes',
        { expected: 'another value', withinMs: measuredMs, actual: (series) => [...series.values()] },
      );
      const fallen = [...later].flatMap(([series, { metricType, value }]) => {
        const before = first.get(series)?.value?.value ?? 0n;
        const after = value?.value ?? 0n;
        return metricType === MetricType.COUNTER && after < before ? [{ series, before, after }] : [];
      });
      expect.equal<unknown>('counters', fallen, [], 'counters that have fallen');
    },
  }),
];

type Asking = Pick<CaseContext, 'cri' | 'expect'>;

async function metricDescriptors({ cri, expect }: Asking, key = 'descriptors'): Promise<readonly MetricDescriptor[]> {
  const { descriptors } = await expect.succeeds(key, cri.runtime.listMetricDescriptors({}), 'ListMetricDescriptors');
  return descriptors;
}

async function podSandboxMetrics({ cri, expect }: Asking, key = 'metrics'): Promise<readonly PodSandboxMetrics[]> {
  const { podMetrics } = await expect.succeeds(key, cri.runtime.listPodSandboxMetrics({}), 'ListPodSandboxMetrics');
  return podMetrics;
}

function byName(descriptors: readonly MetricDescriptor[]): readonly MetricDescriptor[] {
  return [...descriptors].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The metrics of a pod and its containers by name and labels, which together make a series. */
function seriesOf(all: readonly PodSandboxMetrics[], id: string): ReadonlyMap<string, Metric> {
  const pod = all.find(({ podSandboxId }) => podSandboxId === id);
  const metrics = [...(pod?.metrics ?? []), ...(pod?.containerMetrics ?? []).flatMap((one) => one.metrics)];
  return new Map(metrics.map((metric) => [JSON.stringify([metric.name, ...metric.labelValues]), metric]));
}
