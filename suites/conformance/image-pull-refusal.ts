import { defineCase, type CaseContext, type CaseSource } from '../../src/kit/case.ts';
import { sizedReference } from '../../src/kit/fixture-images.ts';
import type { RegistryBehaviour } from '../../src/kit/registry-behaviours.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { answerOrRefusal, codeOfCall } from './ask.ts';
import { imageStatus } from './image.ts';
import { expectRefusedPull } from './refused-pull.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'image.pull-unavailable-registry',
    meaning:
      'whether a client can tell a registry that is down from a wrong name: the kubelet shows RegistryUnavailable only when the error begins with it',
    stability: 'exact',
    source: 'source: CRI-O says RegistryUnavailable when the connection is refused, containerd never',
  },
  {
    key: 'image.pull-corrupt-layer',
    meaning: 'the code by which a layer is refused whose bytes do not have the digest',
    stability: 'exact',
    source: 'source: containerd answers FailedPrecondition of its content store, CRI-O Unknown',
  },
  {
    key: 'image.pull-incomplete',
    meaning: 'the codes by which a pull ends whose layers do not come, or not all of them',
    stability: 'exact',
    source:
      'source: containerd passes on the NotFound of a layer and answers Unknown for one that is cut off, CRI-O Unknown',
  },
];

const needs = ['loopback-registry'];
const refusal = { kind: 'proto', text: 'PullImage: an error when the image cannot be pulled' } as const;

const afterwards: CaseSource['basis'] = [
  { kind: 'proto', text: 'PullImage pulls the image; what an earlier pull came to is no part of it' },
  { kind: 'kubelet', text: 'tries again and again, until it is pulled' },
];

/** One layer that no other image has: a runtime that has a layer does not fetch it again. */
const image = (attempt: string): string => sizedReference(1, 64, attempt);

/** What failed in one registry is pulled from another, which serves it well. */
async function expectPulledAfter(context: CaseContext, behaviours: readonly RegistryBehaviour[]): Promise<void> {
  const { given, cri, expect } = context;
  for (const [place, behaviour] of behaviours.entries()) {
    const make = (attempt: string): string => image(`${attempt}-${String(place)}-${behaviour}`);
    const broken = given.unseenImage(make, behaviour);
    await codeOfCall(cri.image.pullImage({ image: { image: broken } }));
    const whole = given.unseenImage(make);
    await expect.succeeds(
      `after-${behaviour}`,
      cri.image.pullImage({ image: { image: whole } }),
      `PullImage of the same content after a pull from a registry that is ${behaviour}`,
    );
    expect.present('found', await imageStatus(context, whole), 'the image by its tag');
  }
}

export const cases = [
  defineCase({
    id: 'image/pull/unavailable-registry',
    title: 'refuses PullImage from a registry that does not serve, and has no image afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [refusal, { kind: 'kubelet', text: 'makes it ErrImagePull or RegistryUnavailable, and tries again later' }],
    needs,
    async run(context) {
      const { given, cri, observe } = context;
      const reference = given.unseenImage(image, 'unavailable');
      const unavailable = await expectRefusedPull(context, reference, 'a registry has that answers 503');
      // Nobody listens on port 1.
      const nowhere = await answerOrRefusal(cri.image.pullImage({ image: { image: '127.0.0.1:1/crible/shell:1' } }));
      const prefix = 'RegistryUnavailable';
      observe('image.pull-unavailable-registry', {
        answers503: [unavailable.code, unavailable.details.startsWith(prefix) ? prefix : 'no word for it'],
        nobodyListens: 'refusedWith' in nowhere ? nowhere.refusedWith : 'OK',
      });
    },
  }),

  defineCase({
    id: 'image/pull/corrupt-layer',
    title: 'refuses PullImage when the bytes of a layer do not have its digest, and has no image afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      refusal,
      { kind: 'oci', text: 'image-spec, descriptor: content is verified against its digest before it is used' },
    ],
    needs,
    async run(context) {
      const reference = context.given.unseenImage(image, 'corrupt');
      const { code } = await expectRefusedPull(context, reference, 'has a corrupt layer');
      context.observe('image.pull-corrupt-layer', code);
    },
  }),

  defineCase({
    id: 'image/pull/incomplete',
    title: 'refuses PullImage when a layer does not come, or not all of it, and has no image afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [refusal, { kind: 'kubelet', text: 'starts a container as soon as ImageStatus knows its image' }],
    needs,
    async run(context) {
      const codes: Record<string, string> = {};
      for (const [behaviour, why] of [
        ['no-layer', 'has a layer that the registry does not have'],
        ['truncated', 'has a layer in which the connection ends'],
      ] as const satisfies readonly (readonly [RegistryBehaviour, string])[]) {
        const { code } = await expectRefusedPull(context, context.given.unseenImage(image, behaviour), why);
        codes[behaviour] = code;
      }
      context.observe('image.pull-incomplete', codes);
    },
  }),

  defineCase({
    id: 'image/pull/after-incomplete',
    title: 'pulls an image from a registry that serves it well, after a pull of the same content broke off elsewhere',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: afterwards,
    needs,
    run: (context) => expectPulledAfter(context, ['truncated', 'no-layer']),
  }),

  defineCase({
    id: 'image/pull/after-corrupt-layer',
    title: 'pulls an image from a registry that serves it well, after a layer of it came corrupt from elsewhere',
    level: 'specified',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: afterwards,
    needs,
    // A removal meanwhile would clean up what the corrupt layer left.
    locks: [{ scope: 'target', resource: 'image-store' }],
    // Some runtimes clean up at times of their own, which may fall between the two pulls by chance.
    run: (context) => expectPulledAfter(context, Array<'corrupt'>(8).fill('corrupt')),
  }),
];
