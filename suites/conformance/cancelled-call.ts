import type { Code } from '../../src/cri/code.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import {
  answerOrRefusal,
  codeOfCall,
  containerState,
  idsOf,
  listContainers,
  listPodSandboxes,
  podSandboxState,
} from './ask.ts';

/** When a client gives up, after so many ms: at once, and while the runtime is at work. */
const patiencesMs = [10, 150];

/** How long a kubelet that tries again may need. */
const retryMs = 30_000;

/** What came of one more try. */
interface Try {
  /** Empty when it was refused. */
  readonly id: string;
  readonly refusedWith?: Code;
}

export const cases = [
  defineCase({
    id: 'pod-sandbox/run/cancelled',
    title: 'runs a pod in the end whose first RunPodSandbox was cancelled',
    level: 'required',
    rpcs: ['RunPodSandbox'],
    basis: [
      {
        kind: 'kubelet',
        text: 'gives up after its time-out or when it is restarted, removes what is there, and tries again',
      },
    ],
    async run(context) {
      const { given, cri, expect, target } = context;
      for (const patienceMs of patiencesMs) {
        const config = given.podSandboxConfig();
        const asked = { config, runtimeHandler: target.handler };
        await givingUp(patienceMs, (signal) => cri.runtime.runPodSandbox(asked, { signal }));
        const { id } = await eventuallyMade(context, async () => {
          await removeSandboxes(context, config.metadata?.uid ?? '');
          const outcome = await answerOrRefusal(cri.runtime.runPodSandbox(asked));
          return 'answer' in outcome ? { id: outcome.answer.podSandboxId } : { id: '', ...outcome };
        });
        const name = { 'io.kubernetes.pod.name': config.metadata?.name ?? '' };
        const listed = await listPodSandboxes(context, { labelSelector: name });
        expect.equal(
          'ready-alone',
          listed.map((item) => [item.id, podSandboxState(item)]),
          [[id, 'SANDBOX_READY']],
          'the sandboxes of this pod',
        );
      }
    },
  }),

  defineCase({
    id: 'container/create/cancelled',
    title: 'creates a container in the end whose first CreateContainer was cancelled',
    level: 'required',
    rpcs: ['CreateContainer'],
    basis: [
      {
        kind: 'kubelet',
        text: 'gives up after its time-out or when it is restarted, removes what is there, and tries again',
      },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      for (const patienceMs of patiencesMs) {
        const config = await given.containerConfig(pod);
        const asked = { podSandboxId: pod.id, config, sandboxConfig: pod.config };
        await givingUp(patienceMs, (signal) => cri.runtime.createContainer(asked, { signal }));
        const name = { 'io.kubernetes.container.name': config.metadata?.name ?? '' };
        const { id } = await eventuallyMade(context, async () => {
          await removeContainers(context, { podSandboxId: pod.id, labelSelector: name });
          const outcome = await answerOrRefusal(cri.runtime.createContainer(asked));
          return 'answer' in outcome ? { id: outcome.answer.containerId } : { id: '', ...outcome };
        });
        await expect.succeeds('start', cri.runtime.startContainer({ containerId: id }), 'StartContainer of it');
        const uid = { 'io.kubernetes.pod.uid': pod.config.metadata?.uid ?? '' };
        const listed = await listContainers(context, { labelSelector: { ...uid, ...name } });
        expect.equal(
          'running-alone',
          listed.map((item) => [item.id, containerState(item)]),
          [[id, 'CONTAINER_RUNNING']],
          'the containers of this name',
        );
      }
    },
  }),
];

/** Calls, and cancels the call after so many ms; what came of it by then is nobody's concern. */
async function givingUp(patienceMs: number, call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  await codeOfCall(call(AbortSignal.timeout(patienceMs)));
}

async function eventuallyMade({ expect }: Pick<CaseContext, 'expect'>, tries: () => Promise<Try>): Promise<Try> {
  return expect.eventually('in-the-end', tries, ({ id }) => id !== '', 'what a client that tries again is answered', {
    expected: 'an id',
    withinMs: retryMs,
  });
}

/** As the kubelet does with what an earlier try left; what cannot be removed yet is removed in the next round. */
async function removeSandboxes({ cri }: Pick<CaseContext, 'cri'>, uid: string): Promise<void> {
  const labelSelector = { 'io.kubernetes.pod.uid': uid };
  const left = await answerOrRefusal(cri.runtime.listPodSandbox({ filter: { labelSelector } }));
  for (const podSandboxId of 'answer' in left ? idsOf(left.answer.items) : []) {
    await codeOfCall(cri.runtime.stopPodSandbox({ podSandboxId }));
    await codeOfCall(cri.runtime.removePodSandbox({ podSandboxId }));
  }
}

async function removeContainers(
  { cri }: Pick<CaseContext, 'cri'>,
  filter: { readonly podSandboxId: string; readonly labelSelector: Record<string, string> },
): Promise<void> {
  const left = await answerOrRefusal(cri.runtime.listContainers({ filter }));
  for (const containerId of 'answer' in left ? idsOf(left.answer.containers) : [])
    await codeOfCall(cri.runtime.removeContainer({ containerId }));
}
