import { StatusError } from '../cri/handler.ts';
import { ContainerEventType } from '../cri/messages.ts';
import type { ContainerConfig } from '../cri/messages.ts';
import { specify } from './container-specification.ts';
import { Container } from './container.ts';
import type { ContainerListener } from './container.ts';
import type { StoredImage } from './images.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { required } from './required.ts';

/** The store of containers. */
export class Containers {
  readonly #containers = new Map<string, Container>();
  readonly #announce: ContainerListener;

  constructor(announce: ContainerListener) {
    this.#announce = announce;
  }

  /**
   * A new container, not started.
   * @throws StatusError InvalidArgument on an incomplete config, FailedPrecondition when the sandbox was stopped,
   * AlreadyExists when it has a container with the same name and attempt.
   */
  create(podSandbox: PodSandbox, config: ContainerConfig, image: StoredImage): Container {
    const { metadata } = config;
    if (!metadata) throw new StatusError('InvalidArgument', 'config.metadata must be given');
    required(metadata.name, 'config.metadata.name');
    if (podSandbox.state !== 'ready') {
      throw new StatusError('FailedPrecondition', `pod sandbox ${podSandbox.id} is not ready`);
    }
    const namesake = this.inPodSandbox(podSandbox.id).find(
      (other) => other.metadata.name === metadata.name && other.metadata.attempt === metadata.attempt,
    );
    if (namesake) {
      const name = `${metadata.name}, attempt ${String(metadata.attempt)},`;
      throw new StatusError('AlreadyExists', `${name} is the name of container ${namesake.id} in the same pod sandbox`);
    }
    const [digest] = image.digests;
    const [tag = digest] = image.tags;
    const container = new Container(
      podSandbox,
      metadata,
      config,
      specify(config, podSandbox, image),
      { id: image.id, name: tag ?? image.id, reference: digest ?? image.id },
      this.#announce,
    );
    this.#containers.set(container.id, container);
    this.#announce(container, ContainerEventType.CONTAINER_CREATED_EVENT);
    return container;
  }

  /** Undefined when there is none. @throws StatusError InvalidArgument when the id is empty. */
  find(id: string): Container | undefined {
    return this.#containers.get(required(id, 'container_id'));
  }

  /** @throws StatusError NotFound when there is none, InvalidArgument when the id is empty. */
  get(id: string): Container {
    const container = this.find(id);
    if (!container) throw new StatusError('NotFound', `no container ${id}`);
    return container;
  }

  /** In the order of their creation. */
  list(): readonly Container[] {
    return [...this.#containers.values()];
  }

  inPodSandbox(podSandboxId: string): readonly Container[] {
    return this.list().filter(({ podSandbox }) => podSandbox.id === podSandboxId);
  }

  /** Removes a container, by force when it runs. Nothing happens when it is gone already. Its log file stays. */
  async remove(id: string): Promise<void> {
    const container = this.find(id);
    // It may be started while we wait, once.
    do await container?.kill();
    while (container?.phase.state === 'running');
    if (container && this.#containers.delete(id)) {
      this.#announce(container, ContainerEventType.CONTAINER_DELETED_EVENT);
    }
  }
}
