import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { PulledImage } from '../../src/kit/container-config.ts';
import { mintReference } from '../../src/kit/fixture-images.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';
import { imageStatus, listImages } from './image.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'image.after-its-tag-moved',
    meaning: 'whether an image whose tag names another one now still takes disk space until it is collected',
    stability: 'exact',
    source: 'source: containerd and CRI-O keep it without a tag, Docker shows it as <none>',
  },
];

/** An image that was pulled by a tag, and the tag moved to another image in the registry since. */
async function pulledBeforeTheTagMoved({ given }: CaseContext): Promise<{
  readonly old: PulledImage;
  readonly tagged: string;
  /** Of the manifest that the tag names now. */
  readonly digest: string;
}> {
  const tagged = given.unseenImage((attempt) => mintReference(attempt), 'moving');
  const old = await given.pulledImage(tagged);
  // Nothing but this names it once the tag is gone from it.
  given.willPull(old.imageRef);
  return { old, tagged, digest: await given.moveTag(tagged, '2') };
}

export const cases = [
  defineCase({
    id: 'image/pull/moved-tag',
    revision: 2,
    title: 'pulls what a tag stands for now, when the tag was moved since it was pulled',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'PullImageResponse.image_ref: the image that the name stands for' },
      {
        kind: 'kubelet',
        text: 'under the policy Always pulls before every start, and leaves it to the runtime to find out whether there is anything new',
      },
    ],
    needs: ['loopback-registry'],
    async run(context) {
      const { cri, expect, observe } = context;
      const { old, tagged, digest } = await pulledBeforeTheTagMoved(context);
      const { imageRef } = await expect.succeeds(
        'pull',
        cri.image.pullImage({ image: { image: tagged } }),
        'PullImage of a tag that moved',
      );
      expect.that('another-ref', imageRef !== old.imageRef, 'PullImageResponse.image_ref after the tag moved', {
        expected: `another one than ${old.imageRef}`,
        actual: imageRef,
      });
      const image = expect.present('found', await imageStatus(context, tagged), 'the image by its tag');
      expect.equal<unknown>(
        'its-digest',
        image.repoDigests.map((name) => name.replace(/^.*@/, '')),
        [digest],
        'digests of the image by the tag: that of the manifest which the tag names now',
      );
      const left = await imageStatus(context, old.imageRef, 'status-of-old');
      const leftTags = left?.repoTags ?? [];
      expect.that('tag-is-taken', !leftTags.includes(tagged), 'repo_tags of the image that the tag stood for before', {
        expected: `without ${tagged}`,
        actual: leftTags,
      });
      const named = (await listImages(context)).filter(({ repoTags }) => repoTags.includes(tagged)).map(({ id }) => id);
      expect.equal('listed-once', named, [image.id], 'the ids of the images with the tag in ListImages');
      observe('image.after-its-tag-moved', left === undefined ? 'gone' : 'stays');
    },
  }),

  defineCase({
    id: 'image/pull/moved-tag-is-run',
    title: 'runs what a tag stands for now, when the tag was moved and pulled again',
    level: 'required',
    rpcs: ['PullImage', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.image: what PullImage answered; the container has its files' },
      { kind: 'kubelet', text: 'creates the container with what the pull before it answered' },
    ],
    needs: ['loopback-registry', 'processes'],
    async run(context) {
      const { given, cri, expect } = context;
      const { old, tagged } = await pulledBeforeTheTagMoved(context);
      const pod = await given.sharedPodSandbox();
      await given.startedContainer(pod, {}, old);
      const { imageRef } = await expect.succeeds(
        'pull',
        cri.image.pullImage({ image: { image: tagged } }),
        'PullImage of a tag that moved',
      );
      const { id } = await given.startedContainer(pod, {}, { reference: tagged, imageRef });
      const { stdout } = await execSync(context, id, ['cat', '/etc/crible-minted']);
      // Every image has its own name in this file, without the behaviour of the registry.
      const name = tagged.slice(given.imageReference('moving/').length).replace(/:1$/, ':2');
      expect.equal('its-files', stdout, `${name}\n`, 'a file of the image that the tag names now');
    },
  }),

  defineCase({
    id: 'image/pull/by-tag-and-digest',
    title: 'pulls what the digest names where a reference has a tag as well, whatever the tag stands for',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'ImageSpec.image: a reference; its digest identifies the content, a tag can move' },
      { kind: 'kubelet', text: 'hands NAME:TAG@DIGEST on as the pod has it' },
    ],
    needs: ['loopback-registry'],
    async run(context) {
      const { given, cri, expect } = context;
      const { old, tagged } = await pulledBeforeTheTagMoved(context);
      const [digested = ''] = (await imageStatus(context, old.imageRef, 'status-of-old'))?.repoDigests ?? [];
      const both = `${tagged}${digested.slice(digested.indexOf('@'))}`;
      given.willPull(both);
      const { imageRef } = await expect.succeeds(
        'pull',
        cri.image.pullImage({ image: { image: both } }),
        'PullImage of a name with a tag that moved and the digest that it had before',
      );
      expect.equal('its-image', imageRef, old.imageRef, 'PullImageResponse.image_ref');
      const image = await imageStatus(context, both);
      const known = await imageStatus(context, old.imageRef, 'status-by-ref');
      expect.equal('known-by-it', image?.id, known?.id ?? 'an id', 'the id of the image by the name with both');
    },
  }),
];
