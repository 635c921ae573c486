import type { Comparison } from '../model/comparison.ts';
import type { Target } from '../model/target.ts';
import { differingFactors } from './hidden-factors.ts';

type Floor = NonNullable<Comparison['floor']>;

/**
 * Which targets are the same as the base: through the same socket and handler (`same-daemon`), or another daemon of the same
 * version in the same surroundings (`two-daemons`). One behind a fault is never the same as one that is not.
 */
export function noiseFloors(targets: readonly Target[], base: string): ReadonlyMap<string, Floor> {
  const reference = targets.find(({ name }) => name === base);
  return new Map(
    targets.flatMap((target): readonly (readonly [string, Floor])[] => {
      if (reference === undefined || target === reference) return [];
      const floor = floorOf(reference, target);
      return floor === undefined ? [] : [[target.name, floor]];
    }),
  );
}

function floorOf(base: Target, candidate: Target): Floor | undefined {
  if (
    base.hostId !== candidate.hostId ||
    base.handler !== candidate.handler ||
    faultsOf(base) !== faultsOf(candidate)
  ) {
    return undefined;
  }
  if (base.endpoint === candidate.endpoint) return 'same-daemon';
  const sameBuild =
    base.runtimeName === candidate.runtimeName &&
    base.runtimeVersion === candidate.runtimeVersion &&
    differingFactors(base, candidate).length === 0;
  return sameBuild ? 'two-daemons' : undefined;
}

/** The faults of `fault:one@fault:two@lab:containerd`, all before the last `@` that ends one. */
function faultsOf({ spec }: Target): string {
  return /^(?:[^=:]+=)?(?<faults>(?:fault:[^@]*@)*)/.exec(spec)?.groups?.['faults'] ?? '';
}
