import { fromNth } from '../counted.ts';
import type { Counting, Instead } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { UnaryRpc } from '../rpc.ts';

/** Calls that must be answered and are not (unanswered.ts), of RPCs and cases that the runtime of the proof lacks or fails. */
export const usageUnansweredFaults: readonly Fault[] = [
  lost('ContainerStats', 1, 'refused', ['container-stats/times-are-set#stats']),
  lost('ContainerStats', 1, 'empty', ['container-stats/times-are-set#stats-set']),
  lost('PodSandboxStats', 1, 'refused', ['pod-sandbox-stats/times-are-set#stats']),
  lost('PodSandboxStats', 1, 'empty', ['pod-sandbox-stats/times-are-set#stats-set']),
  lost('ListPodSandboxStats', 1, 'refused', ['pod-sandbox-stats/list/without-filter#list']),
  lost('ContainerStatus', 1, 'refused', ['container/checkpoint/leaves-it-running#status']),
  lost('ContainerStatus', 1, 'empty', ['container/checkpoint/leaves-it-running#status-set']),
  lost('PodSandboxStatus', 1, 'refused', ['pod-sandbox/update/is-accepted#status']),
  lost('PodSandboxStatus', 1, 'empty', ['pod-sandbox/update/is-accepted#status-set']),
  lost('UpdatePodSandboxResources', 1, 'refused', ['pod-sandbox/update/is-accepted#accepted']),
  lost('RuntimeConfig', 1, 'refused', ['runtime/config/cgroup-driver#answers']),
  lost('RuntimeConfig', 2, 'refused', ['runtime/config/cgroup-driver#answers-again']),
  lost('ListMetricDescriptors', 1, 'refused', [
    'metric/descriptors#descriptors',
    'metric/have-descriptors#descriptors',
    'metric/of-cadvisor#descriptors',
  ]),
  lost('ListMetricDescriptors', 2, 'refused', ['metric/descriptors#descriptors-again']),
  lost('ListPodSandboxMetrics', 1, 'refused', [
    'metric/have-descriptors#metrics',
    'metric/of-cadvisor#metrics',
    'metric/move#metrics',
  ]),
  lost('ListPodSandboxMetrics', 2, 'refused', ['metric/move#metrics-again']),
];

function lost(rpc: UnaryRpc, nth: 1 | 2, instead: Instead, kills: readonly string[]): Fault {
  const counting: Counting<UnaryRpc> = { rpc, nth, instead, objectOf: () => '' };
  return fault({
    name: `simulated-${rpc.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}-${instead}-${String(nth)}`,
    breaks: `${rpc} ${instead === 'empty' ? 'answers what is there' : 'succeeds'}, also the ${nth === 1 ? 'first' : 'second'} time`,
    kills,
    provenOn: 'simulator',
    rpcs: [rpc],
    how: () => fromNth(counting),
  });
}
