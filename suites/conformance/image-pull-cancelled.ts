import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { sizedReference } from '../../src/kit/fixture-images.ts';
import { codeOfCall } from './ask.ts';
import { imageStatus } from './image.ts';

/** How long a client waits that gives a pull up which would take longer. */
const patienceMs = 500;
const briefPatienceMs = 30;
/** How long the runtime may take until it pulls again what was given up. */
const retryMs = 20_000;
const attemptMs = 5_000;

/** PullImage succeeds in the end: the kubelet tries again as long as it does not. */
async function expectPulledInTheEnd({ cri, expect }: CaseContext, reference: string): Promise<void> {
  await expect.eventually(
    'pulled-in-the-end',
    () => codeOfCall(cri.image.pullImage({ image: { image: reference } }, { deadlineMs: attemptMs })),
    (code) => code === 'OK',
    'PullImage of an image whose pull was given up before',
    { expected: 'OK', withinMs: retryMs },
  );
}

/** An image that takes a moment to pull, where there is one for each attempt. */
function someImage({ given, target }: CaseContext, own: string): string {
  if (!target.images.loopback) return given.mintedImage(own);
  return given.unseenImage((attempt) => sizedReference(8, 1024, attempt));
}

export const cases = [
  defineCase({
    id: 'image/pull/stalled',
    revision: 2,
    title: 'ends a pull that stalls when its caller waits no longer, and can pull the same layer at once',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    critest: ['IM-2#deadline'],
    basis: [
      {
        kind: 'proto',
        text: 'PullImage answers when the image is there; a caller’s deadline ends the call as any of gRPC',
      },
      { kind: 'kubelet', text: 'tries again, for the pull may have stalled for reasons that have passed' },
    ],
    needs: ['loopback-registry'],
    async run(context) {
      const { given, cri, expect } = context;
      const make = (attempt: string): string => sizedReference(1, 256, attempt);
      const stalled = given.unseenImage(make, 'stalled');
      await expect.fails(
        'deadline',
        cri.image.pullImage({ image: { image: stalled } }, { deadlineMs: patienceMs }),
        'PullImage of an image of which the registry sends the half of a layer',
        // Canceled where the runtime sees first that the time is over, and resets the stream.
        ['DeadlineExceeded', 'Canceled'],
      );
      const left = await imageStatus(context, stalled);
      expect.equal('no-image', left?.id, undefined, 'the id of the image of which half came');
      // The same layer by another name, from where it comes whole: a pull that still waits for the rest of it would hold this one up.
      await expectPulledInTheEnd(context, given.unseenImage(make));
    },
  }),

  defineCase({
    id: 'image/pull/cancelled',
    title: 'pulls an image in the end whose first PullImage was cancelled',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    images: ['pull-cancelled'],
    basis: [
      {
        kind: 'kubelet',
        text: 'drops its calls when it is restarted, and asks for the same pods again when it is back',
      },
    ],
    async run(context) {
      const { cri, expect } = context;
      const reference = someImage(context, 'pull-cancelled');
      const signal = AbortSignal.timeout(briefPatienceMs);
      await codeOfCall(cri.image.pullImage({ image: { image: reference } }, { signal }));
      await expectPulledInTheEnd(context, reference);
      expect.present('found', await imageStatus(context, reference), 'the image by its tag');
    },
  }),

  defineCase({
    id: 'image/pull/cancelled-beside-another',
    title: 'goes on with a pull when another of the same image is cancelled',
    level: 'specified',
    rpcs: ['PullImage'],
    images: ['pull-cancelled-beside-another'],
    basis: [
      { kind: 'proto', text: 'PullImage: each call is answered for itself; gRPC cancels one call and no other' },
      { kind: 'kubelet', text: 'pulls the same image at once for several pods (serializeImagePulls: false)' },
    ],
    async run(context) {
      const { cri, expect } = context;
      const image = { image: someImage(context, 'pull-cancelled-beside-another') };
      const cancelled = codeOfCall(cri.image.pullImage({ image }, { signal: AbortSignal.timeout(briefPatienceMs) }));
      await expect.succeeds('other', cri.image.pullImage({ image }), 'PullImage beside one that was cancelled');
      await cancelled;
    },
  }),
];
