import { ContainerState } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, codeOfCall, containerState, containerStatus, execSync } from './ask.ts';
import { asCpuLimits, asMemoryLimit, cpuLimits, lastProcessor, memoryLimit, processorsOf } from './container-cgroup.ts';

const mebibyte = 1024n * 1024n;
const before = { cpuPeriod: 100_000n, cpuQuota: 80_000n, cpuShares: 256n, memoryLimitInBytes: 64n * mebibyte };
const after = { cpuPeriod: 100_000n, cpuQuota: 50_000n, cpuShares: 512n, memoryLimitInBytes: 128n * mebibyte };

export const cases = [
  defineCase({
    id: 'container/update/in-force',
    title: 'puts the limits of UpdateContainerResources into force, and lets the container run on',
    level: 'required',
    rpcs: ['UpdateContainerResources'],
    basis: [
      { kind: 'proto', text: 'UpdateContainerResources: updates the container synchronously' },
      { kind: 'kubelet', text: 'resizes pods in place, and assigns CPUs to those that run' },
    ],
    needs: ['host-cgroups'],
    async run(context) {
      const { given, cri, expect } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), { linux: { resources: before } });
      const { startedAt } = await containerStatus(context, container.id, 'status-before');
      await expect.succeeds(
        'update',
        cri.runtime.updateContainerResources({ containerId: container.id, linux: after }),
        'UpdateContainerResources of a running container',
      );
      const cpu = cpuLimits(container);
      expect.equal('cpu', cpu, asCpuLimits(cpu, after), 'the CPU limits of its cgroup');
      const memory = memoryLimit(container);
      expect.equal('memory', memory, asMemoryLimit(memory, after.memoryLimitInBytes), 'the memory limit of its cgroup');
      const status = await containerStatus(context, container.id, 'status-after');
      expect.equal<unknown>(
        'runs-on',
        [containerState(status), status.startedAt],
        ['CONTAINER_RUNNING', startedAt],
        'its state and started_at after the update',
      );
    },
  }),

  defineCase({
    id: 'container/update/in-status',
    title: 'tells the limits of UpdateContainerResources in the container’s status, where it tells limits',
    level: 'required',
    rpcs: ['UpdateContainerResources', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerStatus.resources: resource limits configuration of the container' },
      { kind: 'kubelet', text: 'takes a resize for done once the status has the limits that it asked for' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { linux: { resources: before } });
      const { resources: first } = await containerStatus(context, id, 'status-before');
      await expect.succeeds(
        'update',
        cri.runtime.updateContainerResources({ containerId: id, linux: after }),
        'UpdateContainerResources of a running container',
      );
      const { resources } = await containerStatus(context, id, 'status-after');
      const told = (seen: typeof resources, wanted: typeof after): unknown =>
        seen === undefined ? undefined : fieldsOf(seen.linux, wanted);
      expect.equal<unknown>('created-with', told(first, before), first && before, 'resources.linux before the update');
      expect.equal<unknown>('updated', told(resources, after), first && after, 'resources.linux after the update');
      observe('container.resources-in-status', first === undefined ? 'none' : 'those that were asked for');
    },
  }),

  defineCase({
    id: 'container/update/leaves-others',
    revision: 2,
    title:
      'leaves limits as they are that UpdateContainerResources does not name, and puts the one into force that it names',
    level: 'required',
    rpcs: ['UpdateContainerResources'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerResources: 0 stands for not specified in each of its fields' },
      {
        kind: 'kubelet',
        text: 'resizes CPU and memory one after the other, and its CPU manager sends cpuset_cpus alone',
      },
    ],
    needs: ['processes', 'host-pids', 'host-cgroups'],
    async run(context) {
      const { given, cri, expect } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), { linux: { resources: before } });
      await expect.succeeds(
        'update-memory',
        cri.runtime.updateContainerResources({
          containerId: container.id,
          linux: { memoryLimitInBytes: after.memoryLimitInBytes },
        }),
        'UpdateContainerResources with a memory limit alone',
      );
      const cpu = cpuLimits(container);
      expect.equal('cpu', cpu, asCpuLimits(cpu, before), 'the CPU limits of its cgroup');
      const { cpuQuota, cpuPeriod } = after;
      await expect.succeeds(
        'update-cpu',
        cri.runtime.updateContainerResources({ containerId: container.id, linux: { cpuQuota, cpuPeriod } }),
        'UpdateContainerResources with a CPU limit alone',
      );
      const memory = memoryLimit(container);
      expect.equal('memory', memory, asMemoryLimit(memory, after.memoryLimitInBytes), 'the memory limit of its cgroup');
      const cpusetCpus = lastProcessor();
      await expect.succeeds(
        'update-processors',
        cri.runtime.updateContainerResources({ containerId: container.id, linux: { cpusetCpus } }),
        'UpdateContainerResources with processors alone',
      );
      const { stdout } = await execSync(context, container.id, ['cat', '/proc/1/status']);
      expect.equal('processors', processorsOf(stdout), cpusetCpus, 'the processors of its process');
      const [cpuThen, memoryThen] = [cpuLimits(container), memoryLimit(container)];
      const wanted = { ...asMemoryLimit(memoryThen, after.memoryLimitInBytes) };
      expect.equal(
        'all-of-them',
        { ...cpuThen, ...memoryThen },
        { ...asCpuLimits(cpuThen, { ...before, cpuQuota, cpuPeriod }), ...wanted },
        'the CPU limits and the memory limit of its cgroup after the third update',
      );
    },
  }),

  defineCase({
    id: 'container/update/all-or-nothing',
    title: 'refuses UpdateContainerResources with a limit that cannot be, and changes none then',
    level: 'specified',
    rpcs: ['UpdateContainerResources'],
    basis: [
      {
        kind: 'proto',
        text: 'UpdateContainerResources: an error if the runtime fails to transactionally update the requested resources',
      },
    ],
    needs: ['host-cgroups'],
    async run({ given, cri, expect }) {
      const container = await given.startedContainer(await given.sharedPodSandbox(), { linux: { resources: before } });
      // No machine that the kernel can run on has a processor of this number.
      const linux = { ...after, cpusetCpus: '65535' };
      await expect.fails(
        'refused',
        cri.runtime.updateContainerResources({ containerId: container.id, linux }),
        'UpdateContainerResources with a processor that does not exist',
      );
      const [cpu, memory] = [cpuLimits(container), memoryLimit(container)];
      expect.equal('cpu', cpu, asCpuLimits(cpu, before), 'the CPU limits of its cgroup');
      expect.equal(
        'memory',
        memory,
        asMemoryLimit(memory, before.memoryLimitInBytes),
        'the memory limit of its cgroup',
      );
    },
  }),

  defineCase({
    id: 'container/update/before-start',
    title: 'starts a container with the limits that it accepted from UpdateContainerResources before',
    level: 'specified',
    rpcs: ['UpdateContainerResources', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'UpdateContainerResources: updates ContainerConfig of the container synchronously' },
    ],
    needs: ['host-cgroups'],
    async run({ given, cri, expect, observe }) {
      const pod = await given.sharedPodSandbox();
      const container = await given.container(pod, { linux: { resources: before } });
      const update = await answerOrRefusal(
        cri.runtime.updateContainerResources({ containerId: container.id, linux: after }),
      );
      await expect.succeeds('start', cri.runtime.startContainer({ containerId: container.id }), 'StartContainer');
      const wanted = 'answer' in update ? after : before;
      const [cpu, memory] = [cpuLimits(container), memoryLimit(container)];
      expect.equal('cpu', cpu, asCpuLimits(cpu, wanted), 'the CPU limits of its cgroup');
      expect.equal(
        'memory',
        memory,
        asMemoryLimit(memory, wanted.memoryLimitInBytes),
        'the memory limit of its cgroup',
      );
      const { container: exited, status } = await given.exitedContainer(pod, { command: ['true'] });
      observe('container.update-not-running', {
        created: 'answer' in update ? 'OK' : update.refusedWith,
        [ContainerState[status.state]]: await codeOfCall(
          cri.runtime.updateContainerResources({ containerId: exited.id, linux: after }),
        ),
      });
    },
  }),
];

/** Of what a status tells, the fields that were asked for. */
function fieldsOf<T extends object>(seen: { readonly [K in keyof T]?: unknown } | undefined, wanted: T): unknown {
  return Object.fromEntries(Object.keys(wanted).map((field) => [field, seen?.[field as keyof T]]));
}
