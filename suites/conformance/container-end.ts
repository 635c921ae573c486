import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { textOf } from '../../src/kit/cgroup-usage.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Container, PodSandbox } from '../../src/kit/given.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { containerState, containerStatus } from './ask.ts';

/** How long the kernel may take on a busy machine to be done with processes that were killed. */
const goneMs = 5_000;

/** A container of two processes, both with a word in their arguments that nothing else on the node has. */
interface Marked {
  readonly container: Container;
  readonly word: string;
}

async function markedContainer(given: CaseContext['given'], pod: PodSandbox): Promise<Marked> {
  const word = `crible-${randomUUID()}`;
  const child = `sh -c 'while :; do sleep 3600; done' ${word}`;
  const container = await given.readyContainer(pod, `trap 'exit 0' TERM; { ${child} & }`);
  if (processesWith(word).length < 2) {
    throw new SetupError('find the processes of the container on its host', 'they are not in /proc');
  }
  return { container, word };
}

/** The processes of this machine that have a word in their arguments; those that have ended have none. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && textOf(`/proc/${name}/cmdline`)?.includes(word) === true,
  );
}

async function expectGone({ expect }: Pick<CaseContext, 'expect'>, key: string, { word }: Marked): Promise<void> {
  await expect.eventually(
    key,
    () => Promise.resolve(processesWith(word)),
    (processes) => processes.length === 0,
    'the processes of the container, its first one and a child, as its host has them',
    { expected: 'none', withinMs: goneMs },
  );
}

export const cases = [
  defineCase({
    id: 'container/stop/processes-end',
    title: 'leaves no process of a container that it has stopped, or removed by force, and its neighbours alone',
    level: 'required',
    rpcs: ['StopContainer', 'RemoveContainer'],
    basis: [
      { kind: 'proto', text: 'StopContainer stops a running container; RemoveContainer ends one that runs by force' },
      {
        kind: 'kubelet',
        text: 'gives CPU, memory, devices and volumes of a container that has exited to others',
      },
    ],
    needs: ['processes', 'host-pids'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.sharedPodSandbox();
      const stopped = await markedContainer(given, pod);
      const other = await markedContainer(given, pod);
      const { id: containerId } = stopped.container;
      await expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 9n }), 'StopContainer');
      await expectGone(context, 'stopped', stopped);
      const status = await containerStatus(context, other.container.id);
      expect.equal<unknown>(
        'neighbour',
        [containerState(status), processesWith(other.word).length > 1],
        ['CONTAINER_RUNNING', true],
        'state of the other container of the sandbox, and whether its processes are there',
      );
      await expect.succeeds(
        'remove',
        cri.runtime.removeContainer({ containerId: other.container.id }),
        'RemoveContainer of a running container',
      );
      await expectGone(context, 'removed', other);
    },
  }),
];
