import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { pidOf, uniqueNumber } from './steps/host-process.ts';
import { shellImage } from './steps/pod.ts';

/** The scheduler's period, as the kubelet sets it. */
const periodMs = 100;
/** The quotas that are asked for, as a share of one CPU. */
const firstShare = 0.1;
const secondShare = 0.3;
/** A whole number of periods: then it does not matter where in a period the window begins. */
const windowMs = 8 * periodMs;
/** A new quota holds from the next period on. */
const settleMs = 2 * periodMs;

/** With the 2 shares of a best-effort container, whatever else runs on the machine would keep it from its quota. */
const cpuShares = 1024n;

const quotaOf = (share: number): { readonly cpuPeriod: bigint; readonly cpuQuota: bigint } => ({
  cpuPeriod: BigInt(periodMs * 1000),
  cpuQuota: BigInt(Math.round(share * periodMs * 1000)),
});

const limits = defineWorkload({
  id: 'limits',
  title: 'A CPU limit, and a change of it under way',
  description:
    'Runs a busy loop with a CPU quota of 10 % and, while it runs, changes that to 30 %. Good for whether a limit is what was ' +
    'asked for, and for what in-place resize of a pod rests on. The share is taken from the kernel’s accounting of the process ' +
    'itself over a whole number of scheduler periods, so neither the runtime’s own figures nor the phase of a period is in it.',
  operations: [
    {
      name: 'UpdateContainerResources',
      description: 'a new CPU quota for a container that uses up all of its old one',
    },
  ],
  measures: [
    { name: 'CpuShare', description: 'of a CPU, with a quota of 10 %', unit: '%', better: 'lower' },
    {
      name: 'CpuShareAfterUpdate',
      description: 'of a CPU, with the quota changed to 30 %',
      unit: '%',
      better: 'lower',
    },
  ],
  primary: 'CpuShare',
  needs: ['host-pids'],
  containersWork: true,
  loads: () => [{ model: 'closed', concurrency: 1 }],
  iterations: () => 1,
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ given }) => given.podSandbox(),
  iterate: async ({ given, cri, call, measure, signal }, image, pod) => {
    const command = ['sh', '-c', 'while :; do :; done', uniqueNumber()];
    const resources = { ...quotaOf(firstShare), cpuShares };
    const { id: containerId } = await given.startedContainer(pod, { command, linux: { resources } }, image);
    const pid = await pidOf(command, signal);
    measure('CpuShare', await cpuShare(pid, signal));
    await call('UpdateContainerResources', ({ runtime }) =>
      runtime.updateContainerResources({ containerId, linux: quotaOf(secondShare) }, { signal }),
    );
    measure('CpuShareAfterUpdate', await cpuShare(pid, signal));
    await cri.runtime.stopContainer({ containerId, timeout: 0n }, { signal });
    await cri.runtime.removeContainer({ containerId }, { signal });
  },
});

export const workloads: readonly Workload[] = [limits];

/** The CPU time of a process with one thread over the time that passes, in %. */
async function cpuShare(pid: number, signal: AbortSignal): Promise<number> {
  await pause(settleMs, undefined, { signal });
  const beganMs = performance.now();
  const before = cpuTimeMs(pid);
  await pause(windowMs, undefined, { signal });
  const used = cpuTimeMs(pid) - before;
  return (used / (performance.now() - beganMs)) * 100;
}

/** From /proc/PID/schedstat (kernel documentation, scheduler/sched-stats): the first number is the time spent on a CPU, in ns. */
function cpuTimeMs(pid: number): number {
  const [ns] = readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ');
  return Number(ns) / 1e6;
}
