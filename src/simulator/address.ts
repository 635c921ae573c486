/**
 * A prefix of unique local addresses (RFC 4193) of the simulator's own, which no machine has and no router carries: networking
 * is not imitated, and nothing else should answer in a pod's place.
 */
const prefix = 'fd63:7269:626c:65::';

/** The address of the nth pod sandbox, counted from 1, so that no two ever have the same. */
export function podAddress(place: number): string {
  const [high, low] = [Math.floor(place / 2 ** 16), place % 2 ** 16];
  return high === 0 ? `${prefix}${low.toString(16)}` : `${prefix}${high.toString(16)}:${low.toString(16)}`;
}
