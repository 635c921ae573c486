import { defineWorkload, type Workload } from '../../src/kit/workload.ts';
import { coldImage, removeImage, type Layers } from './steps/cold-image.ts';
import { times } from './steps/times.ts';

const big: Layers = { count: 1, sizeKib: 64 * 1024 };
const medium: Layers = { count: 14, sizeKib: 2 * 1024 };
const small: Layers = { count: 60, sizeKib: 16 };

/** How many clients ask for the same image at once: pods of one deployment that land on a node together. */
const sharers = 4;

const coldness =
  'Every pull is of an image that the runtime has never seen, with layers that no other image has, so nothing of it is in the ' +
  'store; the registry on this machine has built it before and serves it from memory, so that neither disk nor network of the ' +
  'other side is in it. The kernel’s page cache is as it is: what is written may be on its way to the disk when the pull is ' +
  'over. Layers are of random bytes in gzip without compression: unpacking costs little but the copy and the digests.';

/** @param factor how many times the usual number a round has */
function pull(id: string, title: string, goodFor: string, layers: Layers, factor: number): Workload {
  return defineWorkload({
    id,
    title,
    description: `Pulls an image of ${layersText(layers)} and removes it again, the latter under no clock. ${goodFor} ${coldness}`,
    operations: [{ name: 'PullImage', description: 'until the image is in the store and unpacked' }],
    primary: 'PullImage',
    needs: ['loopback-registry'],
    iterations: times(factor),
    iterate: async (context) => {
      const reference = await coldImage(context, layers);
      await context.call('PullImage', ({ image }) =>
        image.pullImage({ image: { image: reference } }, { signal: context.signal }),
      );
      await removeImage(context, reference);
    },
  });
}

function layersText({ count, sizeKib }: Layers): string {
  const size = sizeKib < 1024 ? `${String(sizeKib)} KiB` : `${String(sizeKib / 1024)} MiB`;
  return count === 1 ? `one layer of ${size}` : `${String(count)} layers of ${size} each`;
}

const pullBig = pull(
  'pull-big',
  'Pull of one big layer',
  'Good for how fast bytes are taken in, digested and unpacked: nothing can go on in parallel but the parts of one layer.',
  big,
  0.2,
);

const pullMedium = pull(
  'pull-medium',
  'Pull of fourteen medium layers',
  'Good for a usual image: downloads go on side by side, unpacking goes one by one on some runtimes.',
  medium,
  0.25,
);

const pullSmall = pull(
  'pull-small',
  'Pull of sixty small layers',
  'Good for what a layer costs whatever its size: requests, transactions, a snapshot each.',
  small,
  0.1,
);

const pullShared = defineWorkload({
  id: 'pull-shared',
  title: 'Pull of the same image by several at once',
  description:
    `Pulls the image of pull-medium ${String(sharers)} times at the same moment. Good for pods of one deployment that land on ` +
    'a node together: one runtime downloads once and lets everybody wait, another does the work for each. Compare AllPulled ' +
    `with PullImage of pull-medium. ${coldness}`,
  operations: [
    { name: 'AllPulled', description: 'from the first request until the last answer' },
    { name: 'PullImage', description: 'each of the pulls' },
  ],
  primary: 'AllPulled',
  needs: ['loopback-registry'],
  iterations: times(0.25),
  iterate: async (context) => {
    const { call, span, signal } = context;
    const reference = await coldImage(context, medium);
    const pullOnce = () =>
      call('PullImage', ({ image }) => image.pullImage({ image: { image: reference } }, { signal }));
    await span('AllPulled', () => Promise.all(Array.from({ length: sharers }, pullOnce)));
    await removeImage(context, reference);
  },
});

const imageRemove = defineWorkload({
  id: 'image-remove',
  title: 'Removal of an image',
  description:
    'Removes the image of pull-medium, which was pulled for it under no clock and which nothing else uses. Good for the ' +
    'kubelet’s garbage collection, which runs when the disk is nearly full and in a hurry. No layer of it is shared, so all of ' +
    'it goes; a runtime that answers before the content is gone shows as fast here.',
  operations: [{ name: 'RemoveImage', description: 'by its name, the only one that it has' }],
  primary: 'RemoveImage',
  needs: ['loopback-registry'],
  iterations: times(0.25),
  iterate: async (context) => {
    const { cri, call, signal } = context;
    const reference = await coldImage(context, medium);
    await cri.image.pullImage({ image: { image: reference } }, { signal });
    await call('RemoveImage', ({ image }) => image.removeImage({ image: { image: reference } }, { signal }));
  },
});

export const workloads: readonly Workload[] = [pullBig, pullMedium, pullSmall, pullShared, imageRemove];
