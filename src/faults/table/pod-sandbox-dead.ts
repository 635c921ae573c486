import { ContainerState, PodSandboxState } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { after, answer, refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { SANDBOX_NOTREADY, SANDBOX_READY } = PodSandboxState;

/** What is told of a sandbox whose own process ended without anybody having stopped it. */
export const podSandboxDeadFaults: readonly Fault[] = [
  fault({
    name: 'dead-pod-sandbox-told-as-ready',
    breaks: 'PodSandboxStatus answers SANDBOX_NOTREADY once the sandbox’s own process has ended',
    kills: ['pod-sandbox/end/own-process#not-ready'],
    rpcs: ['PodSandboxStatus', 'StopPodSandbox'],
    how: unlessStopped((revive) =>
      answer('PodSandboxStatus', ({ status }) => {
        if (status) revive(status);
      }),
    ),
  }),
  fault({
    name: 'dead-pod-sandbox-listed-as-ready',
    breaks: 'ListPodSandbox answers SANDBOX_NOTREADY once the sandbox’s own process has ended',
    kills: ['pod-sandbox/end/own-process#listed'],
    rpcs: ['ListPodSandbox', 'StopPodSandbox'],
    how: unlessStopped((revive) =>
      answer('ListPodSandbox', ({ items }) => {
        items.forEach(revive);
      }),
    ),
  }),
  fault({
    name: 'list-of-ready-pod-sandboxes-by-id-refused',
    breaks: 'ListPodSandbox by id and SANDBOX_READY succeeds',
    kills: ['pod-sandbox/end/own-process#list-ready'],
    how: refuses(
      'ListPodSandbox',
      'Internal',
      ({ filter }) => filter?.id !== '' && filter?.state?.state === SANDBOX_READY,
    ),
  }),
  fault({
    name: 'containers-outlive-dead-pod-sandbox',
    breaks: 'ContainerStatus answers CONTAINER_EXITED for a container that ended with its sandbox’s own process',
    kills: ['pod-sandbox/end/own-process#exits'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status?.state === ContainerState.CONTAINER_EXITED) status.state = ContainerState.CONTAINER_RUNNING;
    }),
  }),
];

/** Makes sandboxes ready that are not, as long as nobody stops them. */
function unlessStopped(
  told: (revive: (pod: { readonly id: string; state: PodSandboxState }) => void) => Break,
): () => readonly Break[] {
  return () => {
    const stopped = new Set<string>();
    return [
      after('StopPodSandbox', ({ podSandboxId }) => {
        stopped.add(podSandboxId);
      }),
      told((pod) => {
        if (pod.state === SANDBOX_NOTREADY && !stopped.has(pod.id)) pod.state = SANDBOX_READY;
      }),
    ];
  };
}
