import type { Image } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { after, answer, postpones, refuses } from '../combinators.ts';
import { around } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const noImage = `sha256:${'0'.repeat(64)}`;

/** Where what is said of an image has to agree with what is said elsewhere, and what its removal leaves alone. */
export const imageConsistencyFaults: readonly Fault[] = [
  fault({
    name: 'listed-container-without-its-image',
    breaks: 'ListContainers names the image of a container by its id',
    kills: ['image/list/in-use#used'],
    how: answer('ListContainers', ({ containers }) => {
      for (const container of containers) {
        container.imageId = '';
        container.imageRef = noImage;
      }
    }),
  }),
  fault({
    name: 'container-status-has-another-image-id',
    breaks: 'ContainerStatus names the same image as ListContainers',
    kills: ['image/list/in-use#status-agrees'],
    how: answer('ContainerStatus', ({ status }) => {
      if (status) status.imageId = noImage;
    }),
  }),
  ...[
    listed('without-size', 'size', (image) => {
      image.size = 0n;
    }),
    listed('without-user', 'user', (image) => {
      image.username = '';
    }),
    listed('without-digests', 'digests', (image) => {
      image.repoDigests = [];
    }),
    listed('pinned', 'pin', (image) => {
      image.pinned = !image.pinned;
    }),
  ],
  fault({
    name: 'image-info-unasked',
    breaks: 'ImageStatus tells more only when it is asked to',
    kills: ['image/status/verbose#no-info'],
    how: answer('ImageStatus', (answered, { verbose }) => {
      if (!verbose) answered.info = { info: '{}' };
    }),
  }),
  fault({
    name: 'image-info-is-not-json',
    breaks: 'the values of ImageStatusResponse.info are JSON',
    kills: ['image/status/verbose#json'],
    how: answer('ImageStatus', (answered, { verbose }) => {
      if (verbose) answered.info = { info: 'chain sha256:0' };
    }),
  }),
  // containerd pins nothing before 1.6.22.
  fault({
    name: 'image-lists-refused',
    breaks: 'ListImages succeeds',
    kills: ['image/list/pinned#list'],
    provenOn: 'simulator',
    how: refuses('ListImages', 'Internal'),
  }),
  fault({
    name: 'verbose-runtime-status-refused',
    breaks: 'Status succeeds when it is to tell more',
    kills: ['image/list/pinned#status'],
    provenOn: 'simulator',
    how: refuses('Status', 'Internal', ({ verbose }) => verbose),
  }),
  fault({
    name: 'sandbox-image-not-pinned',
    breaks: 'ListImages answers which images are pinned',
    kills: ['image/list/pinned#pinned'],
    provenOn: 'simulator',
    how: answer('ListImages', ({ images }) => {
      for (const image of images) image.pinned = false;
    }),
  }),
  fault({
    name: 'concurrent-removal-refused',
    breaks: 'RemoveImage succeeds while somebody else removes the same image',
    kills: ['image/remove/concurrently#all-succeed'],
    rpcs: ['RemoveImage'],
    how: () => {
      const inFlight = new Set<string>();
      return around('RemoveImage', (next) => async (asked, call) => {
        const name = asked.image?.image ?? '';
        if (inFlight.has(name)) throw new StatusError('NotFound', 'the image is being removed');
        inFlight.add(name);
        return next(asked, call).finally(() => inFlight.delete(name));
      });
    },
  }),
  fault({
    name: 'image-removed-later',
    breaks: 'the image is gone when RemoveImage succeeds',
    kills: ['image/remove/concurrently#gone-at-once'],
    how: postpones('RemoveImage', {}, 300),
  }),
  fault({
    name: 'removal-ends-containers',
    breaks: 'a container runs on when its image is removed',
    kills: ['image/remove/in-use#still-runs'],
    rpcs: ['CreateContainer', 'RemoveImage'],
    how: () => {
      const users = new Map<string, string>();
      return [
        after('CreateContainer', ({ config }, { containerId }) => {
          users.set(config?.image?.userSpecifiedImage ?? '', containerId);
        }),
        after('RemoveImage', async ({ image }, _, { client }) => {
          const containerId = users.get(image?.image ?? '');
          if (containerId !== undefined) await client.runtime.stopContainer({ containerId, timeout: 0n });
        }),
      ];
    },
  }),
  fault({
    name: 'removal-empties-containers',
    breaks: 'a container keeps its files when its image is removed',
    kills: ['image/remove/in-use#its-files'],
    rpcs: ['CreateContainer', 'RemoveImage', 'ExecSync'],
    how: () => {
      const users = new Map<string, string>();
      const emptied = new Set<string>();
      return [
        after('CreateContainer', ({ config }, { containerId }) => {
          users.set(config?.image?.userSpecifiedImage ?? '', containerId);
        }),
        after('RemoveImage', ({ image }) => {
          emptied.add(users.get(image?.image ?? '') ?? '');
        }),
        answer('ExecSync', (answered, { containerId }) => {
          if (emptied.has(containerId)) answered.stdout = new Uint8Array();
        }),
      ];
    },
  }),
];

/** ListImages says something else of images than ImageStatus does. */
function listed(name: string, what: string, change: (image: Image) => void): Fault {
  return fault({
    name: `listed-image-${name}`,
    breaks: `ListImages answers the ${what} of an image that ImageStatus answers`,
    kills: ['image/list/agrees-with-status#same'],
    reason: 'each of the fields that a list may leave out',
    how: answer('ListImages', ({ images }) => {
      images.forEach(change);
    }),
  });
}
