/**
 * What the loopback registry does to those who pull: `BEHAVIOUR/NAME:TAG` is the image `NAME:TAG`, and the behaviour is met on the way
 * to it. No other registry has these repositories.
 *
 * - `private`, `token`: wants the credentials below, by HTTP Basic or by a token that they buy
 * - `unavailable`: answers 503
 * - `stalled`: sends half of a layer, and then nothing
 * - `truncated`: sends half of a layer, and ends the connection
 * - `corrupt`: sends layers whose bytes do not have the digest
 * - `no-layer`: does not have the layers
 * - `moving`: lets a tag be moved to the manifest of another tag, by `PUT`
 */
export const registryBehaviours = [
  'private',
  'token',
  'unavailable',
  'stalled',
  'truncated',
  'corrupt',
  'no-layer',
  'moving',
] as const;
export type RegistryBehaviour = (typeof registryBehaviours)[number];

/** What opens the loopback registry's `private` and `token` repositories. It guards nothing. */
export const registryCredentials = { username: 'crible', password: 'open-the-fixture-registry' } as const;
