import { hasFeature } from '../../src/kit/target-context.ts';
import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { besideIdlePods } from './steps/populations.ts';
import { times } from './steps/times.ts';

const list = defineWorkload({
  id: 'list',
  title: 'Lists of everything',
  description:
    'Lists all pod sandboxes, all containers and all images, without a filter, as the kubelet’s relist does every second. Good ' +
    'for how that grows with the number of pods: it is measured beside 0, 10, 50 and 100 idle pods of one container each (0 and ' +
    '10 in the quick profile), made once a target and kept. What else is on the runtime counts too: a host’s own pods are listed.',
  operations: [
    { name: 'ListPodSandbox', description: 'all of them' },
    { name: 'ListContainers', description: 'all of them, in every state' },
    { name: 'ListImages', description: 'all of them; few, whatever the number of pods' },
  ],
  primary: 'ListContainers',
  profile: 'quick',
  loads: besideIdlePods,
  iterations: (usual, load) => times((load.population ?? 0) < 50 ? 60 : 20)(usual, load),
  iterate: async ({ call, signal }) => {
    await call('ListPodSandbox', ({ runtime }) => runtime.listPodSandbox({}, { signal }));
    await call('ListContainers', ({ runtime }) => runtime.listContainers({}, { signal }));
    await call('ListImages', (cri) => cri.image.listImages({}, { signal }));
  },
});

const stats = defineWorkload({
  id: 'stats',
  title: 'Figures of everything',
  description:
    'Asks for the resource use of all containers and all pod sandboxes, as the kubelet does for its summary and for eviction. ' +
    'Good for what watching a node costs: some runtimes ask a process for each container, some read cgroups, some walk every ' +
    'writable layer. It is measured beside 0, 10, 50 and 100 idle pods of one container each, made once a target and kept; their ' +
    'writable layers are empty, so that the walk is at its cheapest.',
  operations: [
    { name: 'ListContainerStats', description: 'CPU, memory and writable layer of all running containers' },
    {
      name: 'ListPodSandboxStats',
      description: 'the same with network and processes, by pod; where the runtime has it',
    },
    { name: 'ImageFsInfo', description: 'use of the image store’s file system' },
  ],
  primary: 'ListContainerStats',
  loads: besideIdlePods,
  iterations: (usual, load) => times(4 / (1 + (load.population ?? 0) / 5))(usual, load),
  iterate: async ({ call, target, signal }) => {
    await call('ListContainerStats', ({ runtime }) => runtime.listContainerStats({}, { signal }));
    if (hasFeature(target, 'rpc:ListPodSandboxStats')) {
      await call('ListPodSandboxStats', ({ runtime }) => runtime.listPodSandboxStats({}, { signal }));
    }
    await call('ImageFsInfo', (cri) => cri.image.imageFsInfo({}, { signal }));
  },
});

export const workloads: readonly Workload[] = [list, stats];
