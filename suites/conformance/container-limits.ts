import { defineCase } from '../../src/kit/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';
import { asCpuLimits, asMemoryLimit, cpuLimits, lastProcessor, memoryLimit, processorsOf } from './container-cgroup.ts';
import { fieldsOf } from './inside.ts';

const mebibyte = 1024n * 1024n;

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'process.open-files',
    meaning: 'how many files a container may hold open: too few stop databases, too many slow old daemons down',
    stability: 'exact',
    source:
      'source: inherited from the daemon’s unit, infinity for containerd 1.x and 1024:524288 for 2.x; CRI-O has default_ulimits',
  },
];

export const cases = [
  defineCase({
    id: 'container/limits/cpu-and-memory',
    title: 'starts a container with the CPU and memory limits of its config',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerConfig.resources: CFS period, quota and shares, memory limit in bytes' },
      { kind: 'kubelet', text: 'requests and limits of the container' },
    ],
    needs: ['host-cgroups'],
    async run({ given, expect }) {
      const limits = { cpuPeriod: 50_000n, cpuQuota: 30_000n, cpuShares: 614n, memoryLimitInBytes: 96n * mebibyte };
      const container = await given.startedContainer(await given.sharedPodSandbox(), { linux: { resources: limits } });
      const cpu = cpuLimits(container);
      expect.equal('cpu', cpu, asCpuLimits(cpu, limits), 'the CPU limits of its cgroup');
      const memory = memoryLimit(container);
      expect.equal(
        'memory',
        memory,
        asMemoryLimit(memory, limits.memoryLimitInBytes),
        'the memory limit of its cgroup',
      );
    },
  }),

  defineCase({
    id: 'container/limits/cpuset',
    title: 'runs a container on the processors of its config alone',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerResources.cpuset_cpus: the processors that the container may use' },
      { kind: 'kubelet', text: 'the CPU manager’s static policy keeps processors for one container' },
    ],
    needs: ['processes', 'host-pids', 'host-cgroups'],
    async run(context) {
      const { given, expect } = context;
      const cpusetCpus = lastProcessor();
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        linux: { resources: { cpusetCpus } },
      });
      const { stdout } = await execSync(context, container.id, ['cat', '/proc/1/status']);
      expect.equal('processors', processorsOf(stdout), cpusetCpus, 'the processors of its process');
    },
  }),

  defineCase({
    id: 'container/limits/oom-score-adj',
    title: 'gives the process of a container the oom_score_adj of its config',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerResources.oom_score_adj: -1000 to 1000' },
      {
        kind: 'kubelet',
        text: 'decides by it, from the pod’s quality of service, which containers a full node loses first',
      },
    ],
    needs: ['processes'],
    async run(context) {
      const { given, expect, observe } = context;
      const linux = { resources: { oomScoreAdj: 987n } };
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { linux });
      const { stdout } = await execSync(context, id, ['cat', '/proc/1/oom_score_adj']);
      expect.equal('adjustment', stdout, '987\n', 'oom_score_adj of its process');
      const { stdout: limits } = await execSync(context, id, ['cat', '/proc/1/limits'], 'exec-limits');
      const [soft, hard] = fieldsOf(limits, 'Max open files');
      observe('process.open-files', { soft, hard });
    },
  }),
];
