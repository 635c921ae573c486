import {
  create,
  NamespaceMode,
  PodSandboxState,
  PodSandboxStatusSchema,
  SecurityProfile_ProfileType as ProfileType,
} from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { exitStatus, listPodSandboxes, podSandboxState } from './ask.ts';
import { withNamespaces } from './inside.ts';

/** How soon a runtime has to know of it: the kubelet asks once a second, and a pod without its sandbox serves nobody meanwhile. */
const noticedMs = 10_000;

export const cases = [
  defineCase({
    id: 'pod-sandbox/end/own-process',
    title: 'reports SANDBOX_NOTREADY when the sandbox’s own process has ended, and lets go of it',
    level: 'required',
    rpcs: ['PodSandboxStatus', 'ListPodSandbox', 'StopPodSandbox', 'RemovePodSandbox'],
    basis: [
      { kind: 'proto', text: 'PodSandboxState: a sandbox is SANDBOX_READY as long as it can run containers' },
      {
        kind: 'kubelet',
        text: 'stops a pod whose sandbox is not ready and runs it again with the next attempt; a dead one that is told to be ready stays for good',
      },
    ],
    needs: ['processes'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox(withNamespaces({ pid: NamespaceMode.POD }));
      const podSandboxId = pod.id;
      // AppArmor's profile of a container lets it send signals to containers alone, and the sandbox is none.
      const securityContext = { apparmor: { profileType: ProfileType.Unconfined } };
      const { id: containerId } = await given.startedContainer(pod, { linux: { securityContext } });
      // Process 1 of the shared namespace is the sandbox's; the kernel ends the others with it, this one included.
      const kill = { containerId, cmd: ['kill', '-TERM', '1'], timeout: 10n };
      const answer = await cri.runtime.execSync(kill).catch(() => undefined);
      const refusal = Buffer.from(answer?.stderr ?? []).toString();
      if (refusal !== '') throw new SetupError('end the process of the sandbox', refusal.trim());
      await expect.eventually(
        'not-ready',
        async () => {
          const { status } = await cri.runtime.podSandboxStatus({ podSandboxId });
          return status ?? create(PodSandboxStatusSchema);
        },
        ({ state }) => state === PodSandboxState.SANDBOX_NOTREADY,
        'the state after SIGTERM to process 1 of the pod’s PID namespace, which is the sandbox’s own',
        { expected: 'SANDBOX_NOTREADY', withinMs: noticedMs, actual: podSandboxState },
      );
      const listed = await listPodSandboxes(context, { id: podSandboxId });
      expect.equal('listed', listed.map(podSandboxState), ['SANDBOX_NOTREADY'], 'its states in ListPodSandbox');
      const ready = await listPodSandboxes(
        context,
        { id: podSandboxId, state: { state: PodSandboxState.SANDBOX_READY } },
        'list-ready',
      );
      expect.equal('not-among-ready', ready, [], 'the list of ready sandboxes with its id');
      await exitStatus(context, containerId);
      await expect.succeeds('stop', cri.runtime.stopPodSandbox({ podSandboxId }), 'StopPodSandbox of what has ended');
      await expect.succeeds('remove', cri.runtime.removePodSandbox({ podSandboxId }), 'RemovePodSandbox after it');
    },
  }),
];
