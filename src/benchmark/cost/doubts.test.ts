import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cost } from '../../model/cost.ts';
import { doubtsOf } from './doubts.ts';

function cost(change: Partial<Cost>): Cost {
  return {
    durationNs: 1e9,
    runtimeCpuNs: 5e8,
    daemonCpuNs: 4e8,
    daemonProcessCpuNs: 1e8,
    podsCpuNs: 1e8,
    workloadCpuNs: null,
    cribleCpuNs: 1e8,
    registryCpuNs: 0,
    machineBusyNs: 7e8,
    machineStolenNs: 0,
    unexplainedCpuNs: 1e8,
    eventLoopLagP99Ns: 1e6,
    eventLoopLagMaxNs: 2e6,
    daemonRssBytes: 1,
    daemonCgroupBytes: 1,
    daemonDescriptors: 1,
    daemonThreads: 1,
    unknown: [],
    ...change,
  };
}

test('rounds whose CPU time is accounted for leave no doubt, nor do rounds of which it is unknown', () => {
  assert.deepEqual(doubtsOf([cost({}), cost({}), cost({ unexplainedCpuNs: 6e8, eventLoopLagP99Ns: 9e7 })]), []);
  assert.deepEqual(doubtsOf([cost({ unexplainedCpuNs: null, eventLoopLagP99Ns: null })]), []);
  assert.deepEqual(doubtsOf([]), []);
});

test('somebody else at work and a late event loop are told with their figures', () => {
  const [work, lag] = doubtsOf([cost({ unexplainedCpuNs: 3.5e8, eventLoopLagP99Ns: 7e6 })]);
  assert.match(work ?? '', /^50 % of the CPU time/);
  assert.match(lag ?? '', /up to 7\.0 ms late/);
});
