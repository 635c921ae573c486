import { defineCase } from '../../src/kit/case.ts';
import { mintReference, sizedReference } from '../../src/kit/fixture-images.ts';
import { registryCredentials, type RegistryBehaviour } from '../../src/kit/registry-behaviours.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { codeOfCall, idsOf } from './ask.ts';
import { imageStatus, listImages } from './image.ts';
import { expectRefusedPull, type Auth } from './refused-pull.ts';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'image.pull-without-credentials',
    meaning: 'by which codes an image that wants credentials is refused: what an alarm can tell from a wrong name',
    stability: 'exact',
    source: 'source: containerd and CRI-O answer Unknown, and the registry’s words in the message',
  },
  {
    key: 'image.pull-wrong-credentials',
    meaning: 'by which codes wrong credentials are refused: what an alarm can tell from missing ones',
    stability: 'exact',
    source: 'source: containerd and CRI-O answer Unknown, and the registry’s words in the message',
  },
];

/** The two ways in which registries ask for credentials: HTTP Basic, and a token that they buy. */
const ways: readonly RegistryBehaviour[] = ['private', 'token'];
const needs = ['loopback-registry'];
const { username, password } = registryCredentials;
const wrong: Auth = { username, password: 'not-the-password' };

export const cases = [
  defineCase({
    id: 'image/pull/with-credentials',
    revision: 2,
    title: 'pulls from a registry that asks for credentials, with those of the request',
    level: 'required',
    rpcs: ['PullImage'],
    basis: [
      { kind: 'proto', text: 'PullImageRequest.auth, AuthConfig.username and password: for pulling the image' },
      { kind: 'kubelet', text: 'takes them from the pod’s imagePullSecrets and tries one after the other' },
    ],
    needs,
    async run(context) {
      const { given, cri, expect } = context;
      for (const way of ways) {
        const image = { image: given.unseenImage((attempt) => mintReference(attempt), way) };
        const { imageRef } = await expect.succeeds(
          way,
          cri.image.pullImage({ image, auth: { username, password } }),
          `PullImage with credentials, which the registry asks for by ${way === 'token' ? 'a token' : 'HTTP Basic'}`,
        );
        const found = expect.present('found', await imageStatus(context, image.image), 'the image by its tag');
        expect.equal(
          'listed',
          idsOf(await listImages(context)).includes(found.id),
          true,
          `whether the image that was pulled as ${imageRef} is listed`,
        );
      }
      const named = { image: given.unseenImage((attempt) => mintReference(`${attempt}-of-server`), 'private') };
      const serverAddress = `http://${named.image.slice(0, named.image.indexOf('/'))}`;
      await expect.succeeds(
        'of-server',
        cri.image.pullImage({ image: named, auth: { username, password, serverAddress } }),
        'PullImage with credentials that name the server which they are for',
      );
    },
  }),

  defineCase({
    id: 'image/pull/with-encoded-credentials',
    title: 'pulls with credentials that come in one, as Docker’s configuration has them',
    level: 'specified',
    rpcs: ['PullImage'],
    basis: [
      { kind: 'proto', text: 'AuthConfig.auth: name and password in one, the base64 of NAME:PASSWORD' },
      { kind: 'oci', text: 'config.json of Docker, auths: {REGISTRY: {auth: base64(NAME:PASSWORD)}}' },
    ],
    needs,
    async run({ given, cri, expect }) {
      const auth = { auth: Buffer.from(`${username}:${password}`).toString('base64') };
      for (const way of ways) {
        const image = { image: given.unseenImage((attempt) => mintReference(attempt), way) };
        await expect.succeeds(way, cri.image.pullImage({ image, auth }), 'PullImage with AuthConfig.auth');
      }
    },
  }),

  defineCase({
    id: 'image/pull/without-credentials',
    title: 'refuses PullImage without credentials where the registry asks for them, and has no image afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'PullImage: an error when the image cannot be pulled' },
      { kind: 'kubelet', text: 'tells the pod’s owner by ErrImagePull that a secret is missing' },
    ],
    needs,
    async run(context) {
      const codes: Record<string, string> = {};
      for (const way of ways) {
        const reference = context.given.unseenImage((attempt) => mintReference(attempt), way);
        const { code } = await expectRefusedPull(context, reference, 'wants credentials, without any');
        codes[way] = code;
      }
      context.observe('image.pull-without-credentials', codes);
    },
  }),

  defineCase({
    id: 'image/pull/wrong-credentials',
    title: 'refuses PullImage with wrong credentials, and has no image afterwards',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      { kind: 'proto', text: 'PullImage: an error when the image cannot be pulled' },
      { kind: 'kubelet', text: 'goes on to the next secret of the pod' },
    ],
    needs,
    async run(context) {
      const codes: Record<string, string> = {};
      for (const way of ways) {
        const reference = context.given.unseenImage((attempt) => mintReference(attempt), way);
        const { code } = await expectRefusedPull(context, reference, 'wants other credentials', wrong);
        codes[way] = code;
      }
      context.observe('image.pull-wrong-credentials', codes);
    },
  }),

  defineCase({
    id: 'image/pull/present-without-credentials',
    revision: 2,
    title: 'refuses PullImage without credentials of an image that it has, or is pulling, for somebody who had them',
    level: 'required',
    rpcs: ['PullImage', 'ImageStatus'],
    basis: [
      {
        kind: 'kubelet',
        text: 'the admission plug-in AlwaysPullImages: private images can be run by those alone who have the credentials to pull them',
      },
    ],
    needs,
    async run(context) {
      const { given, cri, expect } = context;
      const reference = given.unseenImage((attempt) => mintReference(attempt), 'private');
      await given.pulledImage(reference, { username, password });
      await expect.fails(
        'refused',
        cri.image.pullImage({ image: { image: reference } }),
        'PullImage without credentials of an image that is there',
      );
      expect.present('still-there', await imageStatus(context, reference), 'the image afterwards');
      const beside = given.unseenImage((attempt) => sizedReference(2, 256, attempt), 'private');
      const [, without] = await Promise.all([
        given.pulledImage(beside, { username, password }),
        codeOfCall(cri.image.pullImage({ image: { image: beside } })),
      ]);
      expect.that('refused-beside', without !== 'OK', 'PullImage without credentials beside one that has them', {
        expected: 'an error',
        actual: without,
      });
    },
  }),

  defineCase({
    id: 'image/pull/credentials-of-another',
    title: 'does not use the credentials of one pull for another',
    level: 'required',
    rpcs: ['PullImage'],
    basis: [
      { kind: 'proto', text: 'PullImageRequest.auth: for pulling this image' },
      { kind: 'kubelet', text: 'keeps the secrets of one namespace from the pods of another' },
    ],
    needs,
    async run(context) {
      const { given } = context;
      for (const way of ways) {
        const own = given.unseenImage((attempt) => mintReference(`${attempt}-own`), way);
        await given.pulledImage(own, { username, password });
        const others = given.unseenImage((attempt) => mintReference(`${attempt}-others`), way);
        await expectRefusedPull(context, others, 'wants credentials, which an earlier pull had');
      }
    },
  }),
];
