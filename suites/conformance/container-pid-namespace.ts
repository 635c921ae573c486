import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { nobody } from './ask.ts';
import { namespaceOf, nodeNamespace, processesSeen, withNamespaces } from './inside.ts';

const { POD, NODE, TARGET } = NamespaceMode;

/** Two commands that nothing else runs. */
const first = ['sleep', '4001'];
const second = ['sleep', '4002'];

/** The container's process may still be on its way to its command when StartContainer returns. */
const settleMs = 5_000;

/** What a container sees of the two: process 1 as long as it is one of them, and the commands. */
interface Seen {
  readonly one: string;
  readonly commands: readonly string[];
}

async function expectSeen(
  context: CaseContext,
  containerId: string,
  key: string,
  accept: (seen: Seen) => boolean,
  expected: string,
): Promise<Seen> {
  const look = async (): Promise<Seen> => {
    const processes = await processesSeen(context, containerId, 'look');
    const commands = [...processes.values()].filter((command) => command.startsWith('sleep 400')).sort();
    return { one: processes.get(1) ?? '', commands };
  };
  const message = 'process 1 and the commands of both containers, as this container sees them';
  return context.expect.eventually(key, look, accept, message, { expected, withinMs: settleMs });
}

export const cases = [
  defineCase({
    id: 'container/pid-namespace/container',
    title:
      'makes a container’s command its process 1, and shows it none of its pod’s other containers with pid CONTAINER',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.pid CONTAINER: a PID namespace of the container’s own' },
      { kind: 'kubelet', text: 'asks for it unless the pod has shareProcessNamespace or hostPID' },
    ],
    critest: ['NS-5#alone'],
    needs: ['processes'],
    async run(context) {
      const { given } = context;
      const pod = await given.podSandbox();
      await given.startedContainer(pod, { command: second });
      const { id } = await given.startedContainer(pod, { command: first });
      await expectSeen(
        context,
        id,
        'alone',
        ({ one, commands }) => one === first.join(' ') && commands.length === 1,
        'its own command as process 1, and no other',
      );
    },
  }),

  defineCase({
    id: 'container/pid-namespace/pod',
    title: 'shows the containers of a pod each other’s processes with pid POD, of which none is process 1',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.pid POD: the PID namespace of the pod, shared by its containers' },
      { kind: 'kubelet', text: 'shareProcessNamespace: process 1 is the sandbox’s and outlives every container' },
    ],
    critest: ['NS-4#not-first'],
    needs: ['processes'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox(withNamespaces({ pid: POD }));
      const { id } = await given.startedContainer(pod, { command: first });
      await given.startedContainer(pod, { command: second });
      const both = [first.join(' '), second.join(' ')];
      const { one } = await expectSeen(
        context,
        id,
        'shared',
        ({ commands }) => commands.join() === both.join(),
        `both commands: ${both.join(', ')}`,
      );
      expect.that('not-first', !both.includes(one), 'process 1 of the pod is of neither container', {
        expected: 'a process of the sandbox',
        actual: one,
      });
    },
  }),

  defineCase({
    id: 'container/pid-namespace/node',
    title: 'runs a container in the node’s PID namespace with pid NODE',
    level: 'required',
    rpcs: ['RunPodSandbox', 'CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.pid NODE: the PID namespace of the node' },
      { kind: 'kubelet', text: 'hostPID, which node agents need to see the node’s processes' },
    ],
    critest: ['NS-1#node'],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.podSandbox(withNamespaces({ pid: NODE })));
      const seen = await namespaceOf(context, id, 'pid', 'exec');
      expect.equal('node', seen, nodeNamespace(context, 'pid'), 'the PID namespace of the container');
    },
  }),

  defineCase({
    id: 'container/pid-namespace/target',
    title: 'runs a container in the PID namespace of another one with pid TARGET',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'NamespaceOption.pid TARGET: the PID namespace of the container target_id, of the same pod',
      },
      {
        kind: 'kubelet',
        text: 'kubectl debug --target: an ephemeral container sees the processes of the one it debugs',
      },
    ],
    needs: ['processes'],
    async run(context) {
      const { given } = context;
      const pod = await given.podSandbox();
      const { id: targetId } = await given.startedContainer(pod, { command: first });
      const linux = { securityContext: { namespaceOptions: { pid: TARGET, targetId } } };
      const { id } = await given.startedContainer(pod, { command: second, linux });
      await expectSeen(
        context,
        id,
        'joined',
        ({ one, commands }) => one === first.join(' ') && commands.length === 2,
        'the target’s command as process 1, and its own beside it',
      );
    },
  }),

  defineCase({
    id: 'container/pid-namespace/unknown-target',
    title: 'does not run a container whose pid TARGET names a container that it does not know',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'NamespaceOption.target_id: a container that was created in the same pod before',
      },
    ],
    needs: ['processes'],
    async run({ given, cri, expect }) {
      const pod = await given.podSandbox();
      const linux = { securityContext: { namespaceOptions: { pid: TARGET, targetId: nobody } } };
      const config = await given.containerConfig(pod, { linux });
      const run = async (): Promise<unknown> => {
        const { containerId } = await cri.runtime.createContainer({
          podSandboxId: pod.id,
          config,
          sandboxConfig: pod.config,
        });
        return cri.runtime.startContainer({ containerId });
      };
      await expect.fails('refused', run(), 'CreateContainer, or StartContainer after it, with an unknown target_id');
    },
  }),
];
