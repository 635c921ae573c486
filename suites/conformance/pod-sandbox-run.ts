import { defineCase } from '../../src/kit/case.ts';
import { hasFeature } from '../../src/kit/target-context.ts';
import {
  answerOrRefusal,
  containerState,
  containerStatus,
  idsOf,
  listPodSandboxes,
  podSandboxState,
  podSandboxStatus,
} from './ask.ts';

/** How far the time that a runtime notes may be from the time of the call; a time zone makes more. */
const toleranceNs = 60_000_000_000n;

export const cases = [
  defineCase({
    id: 'pod-sandbox/run/is-ready-at-once',
    title: 'reports SANDBOX_READY as soon as RunPodSandbox returns',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus'],
    basis: [{ kind: 'proto', text: 'RunPodSandbox: a sandbox is ready when the call has succeeded' }],
    critest: ['PS-1#ready'],
    async run(context) {
      const { given, cri, expect, target } = context;
      const config = given.podSandboxConfig();
      const { podSandboxId } = await expect.succeeds(
        'run-succeeds',
        cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
        'RunPodSandbox of a kubelet-shaped config succeeds',
      );
      expect.that('id-not-empty', podSandboxId !== '', 'RunPodSandbox answers the id', {
        expected: 'an id',
        actual: podSandboxId,
      });
      const status = await podSandboxStatus(context, podSandboxId);
      expect.equal('ready', podSandboxState(status), 'SANDBOX_READY', 'the state right after RunPodSandbox');
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/unknown-runtime-handler',
    title: 'refuses RunPodSandbox with a runtime handler that it does not have',
    level: 'specified',
    rpcs: ['RunPodSandbox'],
    basis: [
      { kind: 'proto', text: 'RunPodSandboxRequest.runtime_handler: a request that names an unknown one is rejected' },
    ],
    async run(context) {
      const { given, cri, expect } = context;
      const config = given.podSandboxConfig();
      await expect.fails(
        'refused',
        cri.runtime.runPodSandbox({ config, runtimeHandler: 'crible-has-no-such-handler' }),
        'RunPodSandbox with an unknown runtime handler',
      );
      const left = await listPodSandboxes(context, {
        labelSelector: { 'io.kubernetes.pod.uid': config.metadata?.uid ?? '' },
      });
      expect.equal('nothing-left', idsOf(left), [], 'sandboxes after the refusal');
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/same-metadata-twice',
    title: 'never has two sandboxes of the same name, namespace, uid and attempt',
    level: 'specified',
    rpcs: ['RunPodSandbox', 'ListPodSandbox'],
    basis: [{ kind: 'proto', text: 'PodSandboxMetadata: its four fields together tell one sandbox from all others' }],
    async run(context) {
      const { given, cri, expect, observe, target } = context;
      const { id, config } = await given.podSandbox();
      const again = await answerOrRefusal(cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }));
      observe(
        'pod-sandbox.run-twice',
        'answer' in again ? 'answers the first sandbox' : `refused with ${again.refusedWith}`,
      );
      if ('answer' in again) {
        const { podSandboxId } = again.answer;
        expect.equal('same-sandbox', podSandboxId, id, 'what a repeated RunPodSandbox answers, when it succeeds');
      }
      const listed = await listPodSandboxes(context, {
        labelSelector: { 'io.kubernetes.pod.uid': config.metadata?.uid ?? '' },
      });
      expect.equal('one-sandbox', idsOf(listed), [id], 'the sandboxes of that metadata');
      const status = await podSandboxStatus(context, id);
      expect.equal('first-untouched', podSandboxState(status), 'SANDBOX_READY', 'the state of the first sandbox');
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/metadata-is-free-after-removal',
    title: 'runs a sandbox whose metadata an earlier one had, once that one is removed',
    level: 'specified',
    rpcs: ['RunPodSandbox', 'RemovePodSandbox'],
    basis: [{ kind: 'proto', text: 'RemovePodSandbox: everything of the sandbox is gone, its name with it' }],
    async run(context) {
      const { given, cri, expect, target } = context;
      const { id, config } = await given.podSandbox();
      await given.stop({ id, config });
      await expect.succeeds('removed', cri.runtime.removePodSandbox({ podSandboxId: id }), 'RemovePodSandbox');
      const { podSandboxId } = await expect.succeeds(
        'runs-again',
        cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
        'RunPodSandbox with the metadata of a removed sandbox',
      );
      const status = await podSandboxStatus(context, podSandboxId);
      expect.equal('ready', podSandboxState(status), 'SANDBOX_READY', 'the state of the second sandbox');
      expect.that('new-id', podSandboxId !== id, 'it is another sandbox', {
        expected: `not ${id}`,
        actual: podSandboxId,
      });
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/next-attempt',
    revision: 2,
    title: 'runs the next attempt of a pod beside the stopped one',
    level: 'required',
    rpcs: ['RunPodSandbox', 'ListPodSandbox'],
    basis: [
      {
        kind: 'kubelet',
        text: 'replaces a sandbox that is no longer ready by one with the same name and uid and attempt + 1, and removes the old one later',
      },
      { kind: 'kubelet', text: 'takes the sandbox that was created last for the pod’s current one' },
    ],
    async run(context) {
      const { given, cri, expect, target } = context;
      const first = await given.podSandbox();
      await given.stop(first);
      const { metadata } = first.config;
      const calledAtNs = nowNs();
      const { podSandboxId } = await expect.succeeds(
        'runs',
        cri.runtime.runPodSandbox({
          config: { ...first.config, metadata: metadata && { ...metadata, attempt: 1 } },
          runtimeHandler: target.handler,
        }),
        'RunPodSandbox of the next attempt',
      );
      const listed = await listPodSandboxes(context, {
        labelSelector: { 'io.kubernetes.pod.uid': metadata?.uid ?? '' },
      });
      const seen = listed
        .map((item) => [item.id, item.metadata?.attempt, podSandboxState(item)] as const)
        .sort(([, a = 0], [, b = 0]) => a - b);
      expect.equal(
        'both-listed',
        seen,
        [
          [first.id, 0, 'SANDBOX_NOTREADY'],
          [podSandboxId, 1, 'SANDBOX_READY'],
        ],
        'id, attempt and state of the sandboxes of this pod',
      );
      const { createdAt: before } = await podSandboxStatus(context, first.id);
      const { createdAt } = await podSandboxStatus(context, podSandboxId);
      expect.that('created-later', createdAt > before, 'created_at of the next attempt', {
        expected: `more than ${String(before)}`,
        actual: createdAt,
      });
      // Only where the runtime has this machine's clock.
      if (hasFeature(target, 'host-files')) {
        const [earliest, latest] = [calledAtNs - toleranceNs, nowNs() + toleranceNs];
        expect.that('created-when-run', createdAt > earliest && createdAt < latest, 'created_at is when it was run', {
          expected: `between ${String(earliest)} and ${String(latest)}`,
          actual: createdAt,
        });
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/run/is-independent',
    revision: 2,
    title: 'leaves a sandbox and its containers alone when another one is stopped and removed, be it of the same name',
    level: 'required',
    rpcs: ['RunPodSandbox', 'StopPodSandbox', 'RemovePodSandbox'],
    basis: [
      { kind: 'kubelet', text: 'stops and removes the sandboxes of one pod while those of others run' },
      { kind: 'proto', text: 'PodSandboxMetadata: name, uid, namespace and attempt together tell sandboxes apart' },
      { kind: 'kubelet', text: 'a pod that was deleted and made again has its name and another uid' },
    ],
    async run(context) {
      const { given, cri, expect, target } = context;
      const staying = await given.podSandbox();
      const container = await given.startedContainer(staying);
      const { name = '', namespace = '' } = staying.config.metadata ?? {};
      const config = given.podSandboxConfig({
        metadata: { name, namespace },
        labels: { 'io.kubernetes.pod.name': name },
      });
      const { podSandboxId } = await expect.succeeds(
        'namesake-runs',
        cri.runtime.runPodSandbox({ config, runtimeHandler: target.handler }),
        'RunPodSandbox of a pod with the name and namespace of another one, and a uid of its own',
      );
      const going = { id: podSandboxId, config };
      await given.startedContainer(going);
      await expect.succeeds('stopped', cri.runtime.stopPodSandbox({ podSandboxId: going.id }), 'StopPodSandbox');
      await expect.succeeds('removed', cri.runtime.removePodSandbox({ podSandboxId: going.id }), 'RemovePodSandbox');
      const pod = await podSandboxStatus(context, staying.id, 'other-pod');
      expect.equal('other-pod-ready', podSandboxState(pod), 'SANDBOX_READY', 'the state of the other sandbox');
      const status = await containerStatus(context, container.id, 'other-container');
      expect.equal('other-container-runs', containerState(status), 'CONTAINER_RUNNING', 'the state of its container');
    },
  }),
];

/** By this machine's clock. */
function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
