import type { Profile } from '../../../src/model/result.ts';
import type { Load } from '../../../src/model/workload.ts';

/** How many idle pods a node may have; the kubelet's own limit is 110. Making a hundred takes longer than `quick` may. */
const podCounts: Readonly<Record<Profile, readonly number[]>> = {
  quick: [0, 10],
  standard: [0, 10, 50, 100],
  full: [0, 10, 50, 100],
};

/** Every load that was asked for, beside none and beside more and more idle pods. */
export function besideIdlePods(asked: readonly Load[], profile: Profile): readonly Load[] {
  return asked.flatMap((load) => podCounts[profile].map((population) => ({ ...load, population })));
}
