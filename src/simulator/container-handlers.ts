import { StatusError } from '../cri/handler.ts';
import type { ServiceHandlers } from '../cri/handler.ts';
import type { Container as ContainerItem, ContainerFilter, Mount, RuntimeService } from '../cri/messages.ts';
import { inBatches } from './batches.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { containerItem, containerStatus, matchesContainer } from './container-messages.ts';
import { promised } from './promised.ts';
import type { Runtime } from './runtime.ts';

/** The RPCs about containers, statistics aside. */
export function containerHandlers(runtime: Runtime): ServiceHandlers<typeof RuntimeService> {
  const { podSandboxes, containers, images } = runtime;

  const listed = (filter: ContainerFilter | undefined): readonly ContainerItem[] =>
    containers
      .list()
      .filter((container) => matchesContainer(container, filter))
      .map(containerItem);

  return {
    createContainer: promised(({ podSandboxId, config }) => {
      const podSandbox = podSandboxes.get(podSandboxId);
      if (!config) throw new StatusError('InvalidArgument', 'config must be given');
      const name = config.image?.image ?? '';
      const image = images.find(name);
      if (!image) throw new StatusError('NotFound', `no image ${name}`);
      for (const mount of config.mounts) nameMountedImage(mount, runtime);
      return { containerId: containers.create(podSandbox, config, image).id };
    }),

    startContainer: promised(({ containerId }) => {
      containers.get(containerId).start();
      return {};
    }),

    stopContainer: async ({ containerId, timeout }, { signal }) => {
      await containers.find(containerId)?.stop(Number(timeout) * 1000, signal);
      return {};
    },

    removeContainer: async ({ containerId }) => {
      await containers.remove(containerId);
      return {};
    },

    containerStatus: promised(({ containerId, verbose }) => {
      const container = containers.get(containerId);
      const { argv, surroundings } = container.specification;
      return {
        status: containerStatus(container),
        info: verbose ? { info: JSON.stringify({ argv, workingDirectory: surroundings.workingDirectory }) } : {},
      };
    }),

    listContainers: promised(({ filter }) => ({ containers: [...listed(filter)] })),
    streamContainers: ({ filter }) =>
      inBatches(
        () => listed(filter),
        (batch) => ({ containers: batch }),
      ),

    updateContainerResources: promised(({ containerId, linux }) => {
      const container = containers.get(containerId);
      if (linux) container.updateResources(linux);
      return {};
    }),

    reopenContainerLog: promised(({ containerId }) => {
      containers.get(containerId).reopenLog();
      return {};
    }),

    checkpointContainer: async ({ containerId, location, timeout }) => {
      if (timeout < 0n) throw new StatusError('InvalidArgument', 'timeout must not be negative');
      await writeCheckpoint(containers.get(containerId), location);
      return {};
    },

    execSync: async ({ containerId, cmd, timeout }, { signal }) => {
      if (timeout < 0n) throw new StatusError('InvalidArgument', 'timeout must not be negative');
      return containers.get(containerId).exec(cmd, Number(timeout) * 1000, signal);
    },
  };
}

/** The mount of an image tells from now on which image it has (KEP-5365). @throws StatusError NotFound when there is none */
function nameMountedImage({ image }: Mount, { images }: Runtime): void {
  if (!image) return;
  const found = images.find(image.image);
  if (!found) throw new StatusError('NotFound', `no image ${image.image} to be mounted`);
  image.imageRef = found.id;
}
