import type { AuthConfig } from '../../cri/messages.ts';
import { StatusError } from '../../cri/handler.ts';
import { registryBehaviours, type RegistryBehaviour } from '../../kit/registry-behaviours.ts';
import { around } from '../break.ts';
import { answer, refuses, request, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** The behaviour of the registry that a reference asks for. */
function behaviourOf(reference = ''): RegistryBehaviour | undefined {
  return registryBehaviours.find((behaviour) => reference.includes(`/${behaviour}/`));
}

/** An image that the case pulls from a registry without flaws, after one whose layers were corrupt. */
const onceCorrupt = (reference = ''): boolean => reference.endsWith('-corrupt:1');

/** The cases whose pull has to be refused, and which look afterwards whether there is an image. */
const refusals = [
  'image/pull/without-credentials',
  'image/pull/wrong-credentials',
  'image/pull/credentials-of-another',
  'image/pull/unavailable-registry',
  'image/pull/corrupt-layer',
  'image/pull/incomplete',
];

/** What PullImage promises about credentials, and about registries that do not serve what they should. */
export const imagePullFaults: readonly Fault[] = [
  fault({
    name: 'credentials-dropped',
    breaks: 'PullImage uses the credentials of its request',
    kills: ['image/pull/with-credentials#private'],
    reason: 'a runtime that passes them over, where another fault refuses every pull',
    how: request('PullImage', (asked) => {
      delete asked.auth;
    }),
  }),
  fault({
    name: 'credentials-buy-no-token',
    breaks: 'PullImage uses the credentials of its request for a token, where the registry wants one',
    kills: ['image/pull/with-credentials#token', 'image/pull/with-encoded-credentials#token'],
    how: request('PullImage', (asked) => {
      if (behaviourOf(asked.image?.image) === 'token') delete asked.auth;
    }),
  }),
  fault({
    name: 'encoded-credentials-passed-over',
    breaks: 'AuthConfig.auth has name and password in one',
    kills: ['image/pull/with-encoded-credentials#private'],
    reason: 'a runtime that knows the two fields alone, where another fault refuses every pull',
    how: request('PullImage', ({ auth }) => {
      if (auth) auth.auth = '';
    }),
  }),
  fault({
    name: 'credentials-kept',
    breaks: 'the credentials of a PullImage are used for that one alone',
    kills: ['image/pull/credentials-of-another#refused', 'image/pull/present-without-credentials#refused'],
    reason:
      'a runtime that remembers credentials by registry, where another fault says of every pull that it went well',
    rpcs: ['PullImage'],
    how: () => {
      let known: AuthConfig | undefined;
      return request('PullImage', (asked) => {
        known = asked.auth ?? known;
        if (known) asked.auth = known;
      });
    },
  }),
  fault({
    name: 'private-image-not-listed',
    breaks: 'ListImages lists images that were pulled with credentials',
    kills: ['image/pull/with-credentials#listed'],
    how: answer('ListImages', (list) => {
      list.images = list.images.filter(({ repoTags }) => !repoTags.some((tag) => behaviourOf(tag) === 'private'));
    }),
  }),
  fault({
    name: 'refused-pull-succeeds',
    breaks: 'PullImage fails when the image could not be pulled',
    kills: [...refusals.map((id) => `${id}#refused`), 'image/pull/present-without-credentials#refused'],
    how: around(
      'PullImage',
      (next) => (asked, call) =>
        next(asked, call).catch((error: unknown) => {
          if (behaviourOf(asked.image?.image) === undefined) throw error;
          return { imageRef: `sha256:${'0'.repeat(64)}` };
        }),
    ),
  }),
  fault({
    name: 'broken-pull-leaves-an-image',
    breaks: 'there is no image of which a part could not be pulled',
    kills: [...refusals.map((id) => `${id}#no-image`), 'image/pull/stalled#no-image'],
    rpcs: ['PullImage', 'ImageStatus'],
    how: () => {
      const broken = new Set<string>();
      return [
        around('PullImage', (next) => async (asked, call) => {
          const name = asked.image?.image ?? '';
          broken.add(name);
          const pulled = await next(asked, call);
          broken.delete(name);
          return pulled;
        }),
        answer('ImageStatus', async (answered, { image: spec }, { client }) => {
          if (answered.image || !broken.has(spec?.image ?? '')) return;
          const [image] = (await client.image.listImages({})).images;
          if (image) answered.image = image;
        }),
      ];
    },
  }),
  failedForGood('no-layer', { kills: ['image/pull/after-incomplete#after-no-layer'] }),
  // containerd breaks it by itself.
  failedForGood('corrupt', { kills: ['image/pull/after-corrupt-layer#after-corrupt'], provenOn: 'simulator' }),
  fault({
    name: 'image-once-corrupt-refused',
    breaks: 'ImageStatus succeeds for an image whose pull failed before',
    kills: ['image/pull/after-corrupt-layer#status'],
    provenOn: 'simulator',
    how: refuses('ImageStatus', 'Internal', ({ image }) => onceCorrupt(image?.image)),
  }),
  fault({
    name: 'image-once-corrupt-unknown',
    breaks: 'ImageStatus knows an image whose pull failed before',
    kills: ['image/pull/after-corrupt-layer#found'],
    provenOn: 'simulator',
    how: swallow('ImageStatus', {}, ({ image }) => onceCorrupt(image?.image)),
  }),
  fault({
    name: 'stalled-pull-succeeds',
    breaks: 'PullImage does not succeed before all of the image is there',
    kills: ['image/pull/stalled#deadline'],
    how: swallow('PullImage', { imageRef: 'sha256:0' }, ({ image }) => behaviourOf(image?.image) === 'stalled'),
  }),
];

/** Content that came broken once is refused wherever it comes from. */
function failedForGood(
  behaviour: RegistryBehaviour,
  shown: Pick<Fault, 'kills'> & Partial<Pick<Fault, 'provenOn'>>,
): Fault {
  return fault({
    name: `content-once-${behaviour}-is-refused`,
    breaks: `PullImage succeeds when the registry serves what another that was ${behaviour} did not`,
    ...shown,
    rpcs: ['PullImage'],
    how: () => {
      const failed = new Set<string>();
      return around('PullImage', (next) => async (asked, call) => {
        const [, content = ''] = /(sized\/.*)$/.exec(asked.image?.image ?? '') ?? [];
        if (failed.has(content))
          throw new StatusError('Internal', 'PullImage is refused: the content is known to be broken');
        try {
          return await next(asked, call);
        } catch (error) {
          if (behaviourOf(asked.image?.image) === behaviour) failed.add(content);
          throw error;
        }
      });
    },
  });
}
