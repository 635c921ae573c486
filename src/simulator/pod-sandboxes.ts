import { StatusError } from '../cri/handler.ts';
import { create, LinuxContainerResourcesSchema, NamespaceMode } from '../cri/messages.ts';
import type {
  LinuxContainerResources,
  NamespaceOption,
  PodSandboxConfig,
  PodSandboxMetadata,
} from '../cri/messages.ts';
import { podAddress } from './address.ts';
import { nowNs } from './clock.ts';
import { updatedResources } from './container-resources.ts';
import { newId } from './object-id.ts';
import { PodNetwork } from './pod-network.ts';
import { required } from './required.ts';
import { requireUserNamespace } from './user-namespace.ts';
import { requireUserForGroup } from './user.ts';

/** READY when RunPodSandbox returns, NOTREADY once stopped, then removed; never back. */
export interface PodSandbox {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly config: PodSandboxConfig;
  /** As requested: empty stands for the default handler. */
  readonly runtimeHandler: string;
  readonly createdAtNs: bigint;
  readonly state: 'ready' | 'not-ready';
  /** Empty in the node's network, and after the sandbox was stopped. */
  readonly address: string;
  readonly network: PodNetwork;
  readonly resources: PodResources;
  readonly activity: Activity;
}

/** What the kubelet says that a pod may use, its containers together and what running it costs on top. */
export interface PodResources {
  readonly overhead: LinuxContainerResources;
  readonly resources: LinuxContainerResources;
}

/** What all containers of a sandbox together did, those that are gone included. */
export interface Activity {
  startCount: number;
  commandCount: number;
}

type Mutable = { -readonly [K in keyof PodSandbox]: PodSandbox[K] };

/** Every runtime has a default handler without a name. */
export const runtimeHandlers = ['', 'simulated'] as const;

/** The store of pod sandboxes. What becomes of their containers is the business of runtime.ts. */
export class PodSandboxes {
  readonly #sandboxes = new Map<string, Mutable>();
  readonly #nodeNetwork = new PodNetwork();
  #runCount = 0;

  /**
   * A new sandbox, ready, with an address of its own.
   * @throws StatusError InvalidArgument on an incomplete config or an unknown handler; AlreadyExists when there is a sandbox
   * with the same name, namespace, uid and attempt.
   */
  run(config: PodSandboxConfig | undefined, runtimeHandler: string): PodSandbox {
    const metadata = config?.metadata;
    if (!config || !metadata) throw new StatusError('InvalidArgument', 'config.metadata must be given');
    for (const field of ['name', 'namespace', 'uid'] as const) required(metadata[field], `config.metadata.${field}`);
    if (!runtimeHandlers.some((handler) => handler === runtimeHandler)) {
      const known = runtimeHandlers.map((handler) => JSON.stringify(handler)).join(', ');
      throw new StatusError(
        'InvalidArgument',
        `no runtime handler ${JSON.stringify(runtimeHandler)}; there are ${known}`,
      );
    }
    requireUserForGroup(config.linux?.securityContext, '');
    requireUserNamespace(namespaceOptions(config)?.usernsOptions);
    const namesake = this.list().find((other) => sameMetadata(other.metadata, metadata));
    if (namesake)
      throw new StatusError('AlreadyExists', `${nameOf(metadata)} is the name of pod sandbox ${namesake.id}`);
    const inNodeNetwork = namespaceOptions(config)?.network === NamespaceMode.NODE;
    const sandbox: Mutable = {
      id: newId(),
      metadata,
      config,
      runtimeHandler,
      createdAtNs: nowNs(),
      state: 'ready',
      address: inNodeNetwork ? '' : podAddress(++this.#runCount),
      network: inNodeNetwork ? this.#nodeNetwork : new PodNetwork(),
      resources: {
        overhead: config.linux?.overhead ?? create(LinuxContainerResourcesSchema),
        resources: config.linux?.resources ?? create(LinuxContainerResourcesSchema),
      },
      activity: { startCount: 0, commandCount: 0 },
    };
    this.#sandboxes.set(sandbox.id, sandbox);
    return sandbox;
  }

  /** Undefined when there is none. @throws StatusError InvalidArgument when the id is empty. */
  find(id: string): PodSandbox | undefined {
    return this.#sandboxes.get(required(id, 'pod_sandbox_id'));
  }

  /** @throws StatusError NotFound when there is none, InvalidArgument when the id is empty. */
  get(id: string): PodSandbox {
    return this.#require(id);
  }

  /** In the order of their creation. */
  list(): readonly PodSandbox[] {
    return [...this.#sandboxes.values()];
  }

  /**
   * Takes over what a resize of the pod changes, all of it or nothing.
   * @throws StatusError NotFound when there is no such sandbox, FailedPrecondition when it was stopped, InvalidArgument as updatedResources does.
   */
  updateResources(id: string, change: Partial<PodResources>): void {
    const sandbox = this.#require(id);
    if (sandbox.state !== 'ready') throw new StatusError('FailedPrecondition', `pod sandbox ${id} is not ready`);
    const { overhead, resources } = sandbox.resources;
    sandbox.resources = {
      overhead: change.overhead ? updatedResources(overhead, change.overhead) : overhead,
      resources: change.resources ? updatedResources(resources, change.resources) : resources,
    };
  }

  /** Makes a sandbox NOTREADY and takes its address away; false when it was so already. */
  stop(id: string): boolean {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox?.state !== 'ready') return false;
    sandbox.state = 'not-ready';
    sandbox.address = '';
    return true;
  }

  /** False when it was gone already. */
  remove(id: string): boolean {
    return this.#sandboxes.delete(id);
  }

  #require(id: string): Mutable {
    const sandbox = this.#sandboxes.get(required(id, 'pod_sandbox_id'));
    if (!sandbox) throw new StatusError('NotFound', `no pod sandbox ${id}`);
    return sandbox;
  }
}

export function namespaceOptions(config: PodSandboxConfig): NamespaceOption | undefined {
  return config.linux?.securityContext?.namespaceOptions;
}

function sameMetadata(one: PodSandboxMetadata, other: PodSandboxMetadata): boolean {
  return nameOf(one) === nameOf(other);
}

/** The four fields together identify a pod sandbox. None of them can hold the slash. */
function nameOf({ namespace, name, uid, attempt }: PodSandboxMetadata): string {
  return [namespace, name, uid, String(attempt)].join('/');
}
