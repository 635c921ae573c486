import type { Image } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { readStatusInfo } from '../../src/kit/status-info.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { answerOrRefusal, containerStatus, listContainers, notJson } from './ask.ts';
import { listImages } from './image.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.image-id',
    meaning:
      'whether a container names the id of its image in a field of its own, or only the reference it was made with',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 fills image_id, containerd 1.6.20 to 2.1.9 and cri-dockerd leave it empty',
  },
  {
    key: 'image.size',
    meaning: 'what Image.size counts, by which the kubelet says what garbage collection gains and what a node holds',
    stability: 'exact',
    source: 'recorded: containerd counts what was transferred, CRI-O and Docker what it unpacks to',
  },
  {
    key: 'image.by-part-of-id',
    meaning: 'whether the short ids that command lines print are understood',
    stability: 'exact',
    source: 'source: containerd and CRI-O find an image by the beginning of its id, which the CRI does not ask for',
  },
  {
    key: 'image.list-filter-forms',
    meaning:
      'how many images ListImages answers when the filter is a digest, an id or an unknown name: one, none or all',
    stability: 'exact',
    source:
      'source: containerd leaves the filter out of account, cri-dockerd takes it for a reference, CRI-O for any name of an image',
  },
  {
    key: 'image.spec',
    meaning: 'what Image.spec tells in a list and in a status: annotations of the manifest, or nothing',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 sets it in ImageStatus and not in ListImages, containerd 1.6.20 to 2.1.9 in neither',
  },
  {
    key: 'image.verbose-info',
    meaning: 'the keys that crictl inspecti and scripts on nodes can rely on',
    stability: 'set',
    source: 'recorded: containerd has chainID and imageSpec, CRI-O 1.37 and cri-dockerd imageSpec alone',
  },
];

export const cases = [
  defineCase({
    id: 'image/list/in-use',
    title: 'lists a container with the id of an image that it lists, so that the image counts as used',
    level: 'required',
    rpcs: ['ListContainers', 'ListImages', 'ContainerStatus'],
    critest: ['II-1#used'],
    basis: [
      {
        kind: 'proto',
        text: 'Container.image_id: the id of its image; Container.image_ref where a runtime does not fill it',
      },
      {
        kind: 'kubelet',
        text: 'spares images from garbage collection whose id a container names by image_id, else by image_ref',
      },
    ],
    async run(context) {
      const { given, expect, observe } = context;
      const { id } = await given.container(await given.sharedPodSandbox());
      const [listed] = await listContainers(context, { id });
      const container = expect.present('listed', listed, 'the container in ListContainers by its id');
      const used = container.imageId === '' ? container.imageRef : container.imageId;
      const ids = (await listImages(context, 'images')).map((image) => image.id);
      expect.that(
        'used',
        ids.includes(used),
        'Container.image_id, or image_ref when it is empty, is the id of an image',
        {
          expected: ids,
          actual: used,
        },
      );
      const { imageId } = await containerStatus(context, id);
      if (imageId !== '') expect.equal('status-agrees', imageId, used, 'ContainerStatus.image_id, where it is filled');
      observe('container.image-id', {
        list: container.imageId === '' ? 'empty' : 'filled',
        status: imageId === '' ? 'empty' : 'filled',
      });
    },
  }),

  defineCase({
    id: 'image/list/agrees-with-status',
    revision: 2,
    title: 'lists an image with the names, size, user and pin that its status has',
    level: 'specified',
    rpcs: ['ListImages', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'ListImagesResponse.images and ImageStatusResponse.image are the same message, Image' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const references = ['user-groups:1', 'compressible:1', 'user-uid:1'].map((name) => given.imageReference(name));
      for (const reference of references) {
        given.willPull(reference);
        await given.pulledImage(reference);
      }
      const answers = await expect.succeeds(
        'statuses',
        Promise.all(references.map((reference) => cri.image.imageStatus({ image: { image: reference } }))),
        'ImageStatus by the tags',
      );
      const statuses = answers.flatMap(({ image }) => image ?? []);
      expect.equal('found', statuses.length, references.length, 'the number of images by their tags');
      const listed = await listImages(context);
      expect.equal<unknown>(
        'same',
        statuses.map(({ id }) => listed.filter((image) => image.id === id).map(facts)),
        statuses.map((image) => [facts(image)]),
        'entries with the ids of the images in ListImages',
      );
      const [some, compressible] = statuses;
      observe('image.size', (compressible?.size ?? 0n) < 1_048_576n ? 'what was transferred' : 'what it unpacks to');
      observe('image.spec', { list: specOf(listed.find(({ id }) => id === some?.id)), status: specOf(some) });
      const part = (some?.id ?? '').replace('sha256:', '').slice(0, 12);
      const byPart = await answerOrRefusal(cri.image.imageStatus({ image: { image: part } }));
      observe(
        'image.by-part-of-id',
        foundBy(byPart, (answer) => answer.image?.id === some?.id),
      );
      const filtered = async (image: string): Promise<string> => {
        const found = await answerOrRefusal(cri.image.listImages({ filter: { image: { image } } }));
        if ('refusedWith' in found) return found.refusedWith;
        const { length } = found.answer.images;
        return length > 1 ? 'all' : length === 1 ? 'one' : 'none';
      };
      observe('image.list-filter-forms', {
        digest: await filtered(some?.repoDigests[0] ?? ''),
        id: await filtered(some?.id ?? ''),
        unknown: await filtered(given.imageReference('crible-has-no-such-image:1')),
      });
    },
  }),

  defineCase({
    id: 'image/status/verbose',
    title: 'tells more about an image when asked to, as JSON, and nothing more when not',
    level: 'specified',
    rpcs: ['ImageStatus'],
    images: ['verbose-status'],
    basis: [
      { kind: 'proto', text: 'ImageStatusResponse.info: filled when the request is verbose; the values are JSON' },
    ],
    async run({ given, cri, expect, observe }) {
      const image = { image: given.mintedImage('verbose-status') };
      await given.pulledImage(image.image);
      const plain = await expect.succeeds('plain', cri.image.imageStatus({ image }), 'ImageStatus');
      expect.equal('no-info', plain.info, {}, 'ImageStatusResponse.info when nobody asked for it');
      const { info } = await expect.succeeds(
        'verbose',
        cri.image.imageStatus({ image, verbose: true }),
        'ImageStatus, verbose',
      );
      expect.equal('json', notJson(info), {}, 'values of ImageStatusResponse.info that are no JSON');
      observe('image.verbose-info', Object.entries(info).flatMap(keysOf).sort());
    },
  }),

  defineCase({
    id: 'image/list/pinned',
    title: 'lists the image of the sandboxes’ own process as pinned',
    level: 'specified',
    rpcs: ['ListImages'],
    basis: [
      { kind: 'kep', text: 'KEP-2040: Image.pinned keeps an image from garbage collection' },
      { kind: 'kubelet', text: 'spares pinned images; from 1.30 the flag --pod-infra-container-image does so no more' },
    ],
    needs: ['sandbox-image'],
    async run(context) {
      const { cri, expect } = context;
      const status = await expect.succeeds('status', cri.runtime.status({ verbose: true }), 'Status');
      const named = readStatusInfo(status).configuration['sandboxImage'] ?? '';
      const pinned = (await listImages(context)).filter((image) => image.pinned);
      const names = pinned.flatMap(({ repoTags, repoDigests }) => [...repoTags, ...repoDigests]);
      expect.that(
        'pinned',
        // A runtime that does not name it has pinned nothing else unless it was told to.
        named === '' ? names.length > 0 : names.includes(named),
        'names of the images with Image.pinned',
        { expected: named === '' ? 'at least one' : named, actual: names },
      );
    },
  }),
];

/** What an image is, in an order that two answers can be compared by. */
function facts({ id, repoTags, repoDigests, size, uid, username, pinned }: Image): object {
  return {
    id,
    repoTags: [...repoTags].sort(),
    repoDigests: [...repoDigests].sort(),
    size,
    uid: uid?.value,
    username,
    pinned,
  };
}

/** The fields that are filled in Image.spec. */
function specOf(image: Image | undefined): readonly string[] | 'unset' {
  if (image?.spec === undefined) return 'unset';
  const { annotations, runtimeHandler } = image.spec;
  const filled = {
    image: image.spec.image !== '',
    annotations: Object.keys(annotations).length > 0,
    runtimeHandler: runtimeHandler !== '',
  };
  return Object.entries(filled).flatMap(([field, is]) => (is ? [field] : []));
}

function foundBy<T>(
  outcome: { readonly answer: T } | { readonly refusedWith: string },
  is: (answer: T) => boolean,
): string {
  if ('refusedWith' in outcome) return outcome.refusedWith;
  return is(outcome.answer) ? 'found' : 'not found';
}

/** The keys of an info map; of a value that is an object, its own. */
function keysOf([key, value]: [string, string]): readonly string[] {
  const object: unknown = JSON.parse(value);
  return typeof object === 'object' && object !== null ? Object.keys(object).map((inner) => `${key}.${inner}`) : [key];
}
