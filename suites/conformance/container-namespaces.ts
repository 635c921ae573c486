import { hostname } from 'node:os';
import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';
import { namespaceOf, nodeNamespace, withNamespaces, type NamespaceKind } from './inside.ts';

const { NODE } = NamespaceMode;

/** The containers of a pod of the kubelet's usual shape have one namespace of this kind, and it is not the node's. */
async function expectOfPod(context: CaseContext, kind: NamespaceKind, name: string): Promise<void> {
  const { given, expect } = context;
  const pod = await given.podSandbox();
  const one = await given.startedContainer(pod);
  const other = await given.startedContainer(pod);
  const seen = await namespaceOf(context, one.id, kind, 'exec');
  const seenByOther = await namespaceOf(context, other.id, kind, 'exec-other');
  expect.equal('shared', seenByOther, seen, `the ${name} namespace of the pod’s other container`);
  const ofNode = nodeNamespace(context, kind);
  expect.that('not-the-nodes', seen !== ofNode, `the pod’s ${name} namespace is not the node’s`, {
    expected: `not ${ofNode}`,
    actual: seen,
  });
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'process.cgroup-namespace',
    meaning: 'whether a container sees the cgroups of the node or its own alone: tools that read /proc/self/cgroup',
    stability: 'exact',
    source: 'source: containerd and CRI-O give a container one of its own on cgroup v2 only, and a privileged one none',
  },
];

export const cases = [
  defineCase({
    id: 'container/namespace/ipc-of-pod',
    title: 'gives the containers of a pod one IPC namespace, apart from the node’s, with ipc POD',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [{ kind: 'proto', text: 'NamespaceOption.ipc POD: the IPC namespace of the pod, shared by its containers' }],
    critest: ['NS-3#not-the-nodes'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      await expectOfPod(context, 'ipc', 'IPC');
    },
  }),

  defineCase({
    id: 'container/namespace/ipc-of-node',
    title: 'runs a container in the node’s IPC namespace with ipc NODE',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.ipc NODE: the IPC namespace of the node' },
      { kind: 'kubelet', text: 'hostIPC' },
    ],
    critest: ['NS-2#node'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.podSandbox(withNamespaces({ ipc: NODE })));
      const seen = await namespaceOf(context, id, 'ipc', 'exec');
      expect.equal('node', seen, nodeNamespace(context, 'ipc'), 'the IPC namespace of the container');
    },
  }),

  defineCase({
    id: 'container/namespace/network-of-pod',
    title: 'gives the containers of a pod one network namespace, apart from the node’s, with network POD',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'NamespaceOption.network POD: the network namespace of the pod, shared by its containers',
      },
      { kind: 'kubelet', text: 'containers of a pod reach each other on localhost' },
    ],
    critest: ['NS-7#not-the-nodes'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      await expectOfPod(context, 'net', 'network');
    },
  }),

  defineCase({
    id: 'container/namespace/network-of-node',
    title: 'runs a container in the node’s network namespace with network NODE',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.network NODE: the network namespace of the node' },
      { kind: 'kubelet', text: 'hostNetwork, which CNI’s own agents and kube-proxy run with' },
    ],
    critest: ['NS-6#node'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, expect, observe } = context;
      const { id } = await given.startedContainer(await given.podSandbox(inNodeNetwork));
      const seen = await namespaceOf(context, id, 'net', 'exec');
      expect.equal('node', seen, nodeNamespace(context, 'net'), 'the network namespace of the container');
      const cgroup = await namespaceOf(context, id, 'cgroup', 'exec-cgroup');
      observe('process.cgroup-namespace', cgroup === nodeNamespace(context, 'cgroup') ? 'the node’s' : 'its own');
    },
  }),

  defineCase({
    id: 'container/namespace/hostname-of-node',
    title: 'shows a container in the node’s network the node’s hostname when its sandbox names none',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'PodSandboxConfig.hostname: may be empty when the network is the NODE’s' },
      {
        kind: 'kubelet',
        text: 'names none for pods with hostNetwork; their programs take the hostname for the node’s',
      },
    ],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.podSandbox(inNodeNetwork));
      const { stdout } = await execSync(context, id, ['hostname']);
      expect.equal('hostname', stdout, `${hostname()}\n`, 'what hostname(1) prints');
    },
  }),
];

/** As the kubelet asks for it, without a hostname. */
const inNodeNetwork = { hostname: '', ...withNamespaces({ network: NODE }) };
