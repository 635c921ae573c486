import { ContainerEventType, ContainerEventResponseSchema, create } from '../cri/messages.ts';
import type { ContainerEventResponse, PodSandboxConfig } from '../cri/messages.ts';
import { Broadcast } from './broadcast.ts';
import { nowNs } from './clock.ts';
import { containerStatus } from './container-messages.ts';
import { Containers } from './containers.ts';
import { Images } from './images.ts';
import type { FetchImage } from './images.ts';
import { podSandboxStatus } from './pod-sandbox-messages.ts';
import { PodSandboxes } from './pod-sandboxes.ts';
import type { PodSandbox } from './pod-sandboxes.ts';

/** A container runtime in memory: its stores, and what concerns more than one of them. */
export class Runtime {
  readonly podSandboxes = new PodSandboxes();
  readonly containers = new Containers((container, event) => {
    this.#announce(container.id, container.podSandbox, event);
  });
  readonly events = new Broadcast<ContainerEventResponse>();
  readonly images: Images;

  constructor(fetchImage: FetchImage) {
    this.images = new Images(fetchImage);
  }

  /** Runs a pod sandbox, and tells of it as runtimes do: its events carry the sandbox's id as container_id. */
  runPodSandbox(config: PodSandboxConfig | undefined, runtimeHandler: string): PodSandbox {
    const podSandbox = this.podSandboxes.run(config, runtimeHandler);
    this.images.requireSandboxImage();
    this.#announce(podSandbox.id, podSandbox, ContainerEventType.CONTAINER_CREATED_EVENT);
    this.#announce(podSandbox.id, podSandbox, ContainerEventType.CONTAINER_STARTED_EVENT);
    return podSandbox;
  }

  /** Kills what runs in the sandbox and makes it NOTREADY. Nothing happens when it is stopped or gone already. */
  async stopPodSandbox(id: string): Promise<void> {
    const podSandbox = this.podSandboxes.find(id);
    const wasReady = this.podSandboxes.stop(id);
    await Promise.all(this.containers.inPodSandbox(id).map((container) => container.kill()));
    if (podSandbox && wasReady) this.#announce(id, podSandbox, ContainerEventType.CONTAINER_STOPPED_EVENT);
  }

  /** Stops the sandbox if need be, and removes it with its containers. Nothing happens when it is gone already. */
  async removePodSandbox(id: string): Promise<void> {
    const podSandbox = this.podSandboxes.find(id);
    await this.stopPodSandbox(id);
    await Promise.all(this.containers.inPodSandbox(id).map((container) => this.containers.remove(container.id)));
    if (podSandbox && this.podSandboxes.remove(id)) {
      this.#announce(id, podSandbox, ContainerEventType.CONTAINER_DELETED_EVENT);
    }
  }

  /** Kills everything that runs, so that no timer keeps the process alive. */
  async close(): Promise<void> {
    await Promise.all(this.containers.list().map((container) => container.kill()));
  }

  /** Every event carries the status of the sandbox and of all its containers at that time. */
  #announce(containerId: string, podSandbox: PodSandbox, event: ContainerEventType): void {
    this.events.publish(
      create(ContainerEventResponseSchema, {
        containerId,
        containerEventType: event,
        createdAt: nowNs(),
        podSandboxStatus: podSandboxStatus(podSandbox),
        containersStatuses: this.containers.inPodSandbox(podSandbox.id).map(containerStatus),
      }),
    );
  }
}
