import { ContainerState } from '../../cri/messages.ts';
import type { ContainerStatusResponse } from '../../cri/messages.ts';
import { fromNth } from '../counted.ts';
import type { Counting, Instead } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { UnaryRpc } from '../rpc.ts';
import { unansweredContainerStatus } from './unanswered-container-status.ts';
import { unansweredContainers } from './unanswered-containers.ts';
import { unansweredImages } from './unanswered-images.ts';
import { unansweredPods } from './unanswered-pods.ts';
import { unansweredRuntime } from './unanswered-runtime.ts';
import { unansweredStats } from './unanswered-stats.ts';

/*
 * Calls that must be answered and are not: refused with an error of the runtime's own, or answered by a message that says
 * nothing. A case asks the same thing several times, each time an expectation of its own; so each of these leaves the first
 * calls about an object alone, which are the case's set-up or its earlier questions, and answers from the nth on.
 */

/** What each RPC is about; set-up that is asked by the same RPC as the question is left alone. */
export const objects = {
  PodSandboxStatus: ({ podSandboxId }) => podSandboxId,
  StopPodSandbox: ({ podSandboxId }) => podSandboxId,
  RemovePodSandbox: ({ podSandboxId }) => podSandboxId,
  ListPodSandbox: ({ filter }) => JSON.stringify(filter ?? ''),
  StartContainer: ({ containerId }) => containerId,
  ContainerStatus: ({ containerId }) => containerId,
  StopContainer: ({ containerId }) => containerId,
  RemoveContainer: ({ containerId }) => containerId,
  ReopenContainerLog: ({ containerId }) => containerId,
  UpdateContainerResources: ({ containerId }) => containerId,
  ListContainers: ({ filter }) => JSON.stringify(filter ?? ''),
  // Containers are asked by `test -e` whether they are ready.
  ExecSync: ({ containerId, cmd }) => (cmd[0] === 'test' ? undefined : containerId),
  ImageStatus: ({ image }) => ownImage(image?.image),
  PullImage: ({ image }) => ownImage(image?.image),
  RemoveImage: ({ image }) => ownImage(image?.image),
  ListImages: ({ filter }) => JSON.stringify(filter ?? ''),
  CreateContainer: ({ podSandboxId }) => podSandboxId,
  RunPodSandbox: ({ config }) => config?.metadata?.uid,
  ImageFsInfo: () => '',
  UpdateRuntimeConfig: () => '',
  ContainerStats: ({ containerId }) => containerId,
  ListContainerStats: ({ filter }) => JSON.stringify(filter ?? ''),
  PodSandboxStats: ({ podSandboxId }) => podSandboxId,
  ListPodSandboxStats: ({ filter }) => JSON.stringify(filter ?? ''),
  Status: () => '',
} as const satisfies { readonly [R in UnaryRpc]?: Counting<R>['objectOf'] };

type CountedRpc = keyof typeof objects;

function unanswered(rpc: CountedRpc, exited: boolean, nth: number, how: Instead, kills: readonly string[]): Fault {
  const calls = exited ? 'about an exited container ' : '';
  const name = `${kebab(rpc)}-${how}${exited ? '-exited' : ''}-${String(nth)}`;
  const breaks = `${rpc} ${calls}${how === 'empty' ? 'answers what is there' : 'succeeds'}, also the ${ordinal(nth)} time`;
  const all = { rpc, nth, objectOf: objects[rpc], instead: how } as Counting<CountedRpc>;
  const { ContainerStatus: objectOf } = objects;
  const when = ({ status }: ContainerStatusResponse): boolean => status?.state === ContainerState.CONTAINER_EXITED;
  return fault({
    ...{ name, breaks, kills, rpcs: [rpc] },
    how: () => (exited ? fromNth({ ...{ rpc: 'ContainerStatus', nth, objectOf, when }, instead: how }) : fromNth(all)),
  });
}

function kebab(rpc: string): string {
  return rpc.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}

const ordinals = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
function ordinal(nth: number): string {
  return ordinals[nth] ?? `${String(nth)}th`;
}

/** Images that cases have in common are set-up. */
function ownImage(reference = ''): string | undefined {
  return /\/(?:shell|env)[:@]/.test(reference) ? undefined : reference;
}

/** By `RPC [exited ]NTH (refused|empty)`; the calls about one kind of object are in one file. */
const killsByName: Readonly<Record<string, readonly string[]>> = {
  ...unansweredPods,
  ...unansweredContainerStatus,
  ...unansweredContainers,
  ...unansweredStats,
  ...unansweredImages,
  ...unansweredRuntime,
};

export const unansweredFaults: readonly Fault[] = Object.entries(killsByName).map(([name, kills]) => {
  const [, rpc = '', exited, nth = '', instead] = /^(\w+) (exited )?(\d+) (refused|empty)$/.exec(name) ?? [];
  return unanswered(rpc as CountedRpc, exited !== undefined, Number(nth), instead as Instead, kills);
});
