import type { Load } from '../../../src/model/workload.ts';

/** With fewer for each place in flight, most of a round would be its beginning and its end. */
const leastPerPlace = 2;

/**
 * Iterations of a round: so many times the usual number under a closed load, for calls that are cheaper or dearer than usual;
 * under an open one the rate and the length of a round decide.
 */
export function times(factor: number): (usual: number, load: Load) => number {
  return (usual, load) => {
    if (load.model === 'open') return usual;
    const least = load.concurrency === 1 ? 1 : load.concurrency * leastPerPlace;
    return Math.max(least, Math.ceil(usual * factor));
  };
}
