import type { PodSandboxMetadata } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import {
  containerState,
  containerStatus,
  listContainers,
  listPodSandboxes,
  nobody,
  podSandboxState,
  podSandboxStatus,
} from './ask.ts';

export const cases = [
  defineCase({
    id: 'pod-sandbox/stop/is-not-ready-at-once',
    revision: 2,
    title: 'reports SANDBOX_NOTREADY as soon as StopPodSandbox returns',
    level: 'required',
    rpcs: ['StopPodSandbox', 'PodSandboxStatus'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: what runs in the sandbox is stopped when the call returns' },
      { kind: 'kubelet', text: 'takes a sandbox that is still ready for one that serves its pod' },
    ],
    critest: ['PS-2#not-ready'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { id: podSandboxId } = await given.podSandbox();
      const before = (await podSandboxStatus(context, podSandboxId)).network?.ip ?? '';
      await expect.succeeds('stop', cri.runtime.stopPodSandbox({ podSandboxId }), 'StopPodSandbox of a ready sandbox');
      const status = await podSandboxStatus(context, podSandboxId);
      expect.equal('not-ready', podSandboxState(status), 'SANDBOX_NOTREADY', 'the state right after StopPodSandbox');
      const after = status.network?.ip ?? '';
      expect.that('no-other-address', after === '' || after === before, 'network.ip of the stopped sandbox', {
        expected: `none, or ${before}`,
        actual: after,
      });
      observe('pod-sandbox.address-after-stop', after === '' ? 'dropped' : 'kept');
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/keeps-metadata',
    revision: 2,
    title: 'tells of a stopped sandbox what it told of it before, metadata, labels, annotations and namespaces',
    level: 'required',
    rpcs: ['StopPodSandbox', 'PodSandboxStatus', 'ListPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'PodSandboxStatus and PodSandbox: metadata, labels, annotations and namespaces are those of the sandbox, in every state',
      },
      {
        kind: 'kubelet',
        text: 'runs the next sandbox of a pod with the attempt after the last one’s, which is stopped',
      },
    ],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox({ metadata: { attempt: 3 }, annotations: { 'crible.example/a': 'b' } });
      const ready = await podSandboxStatus(context, pod.id);
      const listedReady = await listPodSandboxes(context, { id: pod.id });
      await given.stop(pod);
      const { name, namespace, uid } = pod.config.metadata ?? {};
      const expected = { name, namespace, uid, attempt: 3 };
      const stopped = await podSandboxStatus(context, pod.id);
      expect.equal<unknown>('in-status', partsOf(stopped.metadata), expected, 'PodSandboxStatus.metadata');
      const listed = await listPodSandboxes(context, { id: pod.id });
      expect.equal<unknown>(
        'in-list',
        listed.map((sandbox) => partsOf(sandbox.metadata)),
        [expected],
        'metadata of the entries with its id in ListPodSandbox',
      );
      for (const field of ['labels', 'annotations'] as const)
        expect.equal(field, stopped[field], ready[field], `PodSandboxStatus.${field}, as before`);
      const namespaces = [stopped, ready].map(({ linux }) => linux?.namespaces);
      expect.equal('namespaces', namespaces[0], namespaces[1], 'PodSandboxStatus.linux.namespaces, as before');
      const entries = [listed, listedReady].map((list) => list.map((entry) => ({ ...entry, state: 'any' })));
      expect.equal<unknown>(
        'entry',
        entries[0],
        entries[1],
        'the entry of ListPodSandbox, as before but for its state',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/is-idempotent',
    title: 'accepts StopPodSandbox of a sandbox that is already stopped',
    level: 'required',
    rpcs: ['StopPodSandbox'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: idempotent, no error when the sandbox has already been stopped' },
      { kind: 'kubelet', text: 'stops a sandbox again whenever it is not sure that an earlier stop got through' },
    ],
    critest: ['ID-2#second-stop'],
    async run(context) {
      const { given, cri, expect } = context;
      const { id: podSandboxId } = await given.podSandbox();
      await expect.succeeds(
        'first-stop',
        cri.runtime.stopPodSandbox({ podSandboxId }),
        'StopPodSandbox of a ready sandbox',
      );
      await expect.succeeds(
        'second-stop',
        cri.runtime.stopPodSandbox({ podSandboxId }),
        'StopPodSandbox of a stopped sandbox',
      );
      const status = await podSandboxStatus(context, podSandboxId);
      expect.equal('still-not-ready', podSandboxState(status), 'SANDBOX_NOTREADY', 'the state after two stops');
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/unknown-id',
    title: 'accepts StopPodSandbox of an id that it does not know',
    level: 'specified',
    rpcs: ['StopPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'StopPodSandbox: must not return an error if the sandbox has already been stopped or removed',
      },
    ],
    critest: ['ID-1#stop-unknown'],
    async run({ cri, expect }) {
      await expect.succeeds(
        'stop-unknown',
        cri.runtime.stopPodSandbox({ podSandboxId: nobody }),
        'StopPodSandbox of an unknown id',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/ends-containers',
    revision: 2,
    title: 'ends the running containers of a sandbox that is stopped',
    level: 'required',
    rpcs: ['StopPodSandbox', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: containers that still run are terminated by force' },
      {
        kind: 'kubelet',
        text: 'stops the sandbox of a pod last, and relies on it for containers that it could not stop',
      },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.podSandbox();
      const container = await given.readyContainer(pod, "trap 'exit 7' TERM");
      await expect.succeeds(
        'stop',
        cri.runtime.stopPodSandbox({ podSandboxId: pod.id }),
        'StopPodSandbox of a sandbox with a running container',
      );
      const status = await containerStatus(context, container.id);
      expect.equal('exited', containerState(status), 'CONTAINER_EXITED', 'the state of the container afterwards');
      expect.that('not-completed', status.exitCode !== 0, 'its exit code tells that it was ended', {
        expected: 'not 0',
        actual: status.exitCode,
      });
      expect.that('finished-at', status.finishedAt >= status.startedAt, 'it tells when that was', {
        expected: `finished_at from started_at on, ${String(status.startedAt)}`,
        actual: status.finishedAt,
      });
      observe('pod-sandbox.stop-ends-containers', status.exitCode === 7 ? 'by TERM first' : 'by KILL at once');
    },
  }),

  defineCase({
    id: 'pod-sandbox/stop/ends-every-container',
    title: 'lists every container of a sandbox as exited when StopPodSandbox returns',
    level: 'required',
    rpcs: ['StopPodSandbox', 'ListContainers'],
    basis: [
      { kind: 'proto', text: 'StopPodSandbox: containers that still run are terminated by force' },
      { kind: 'kubelet', text: 'tells by the list of containers whether a pod has ended' },
    ],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const [first, second] = [await given.startedContainer(pod), await given.startedContainer(pod)];
      await given.stop(pod);
      const listed = await listContainers(context, { podSandboxId: pod.id });
      expect.equal(
        'exited',
        Object.fromEntries(listed.map((entry) => [entry.id, containerState(entry)])),
        { [first.id]: 'CONTAINER_EXITED', [second.id]: 'CONTAINER_EXITED' },
        'the states of its two containers',
      );
    },
  }),
];

function partsOf(metadata: PodSandboxMetadata | undefined): unknown {
  if (metadata === undefined) return undefined;
  const { name, namespace, uid, attempt } = metadata;
  return { name, namespace, uid, attempt };
}
