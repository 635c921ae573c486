import { differingFactors, type DifferingFactor } from '../src/compare/hidden-factors.ts';
import type { Comparison } from '../src/model/comparison.ts';
import type { Result } from '../src/model/result.ts';
import type { Target } from '../src/model/target.ts';
import { groupBy } from './group-by.ts';
import { faultsBefore } from './marked-faults.ts';
import { joinWords } from './quantity.ts';

/** What was compared of two targets: the primaries, which are corrected for their number, and the rest, which is not. */
export interface ComparisonGroup {
  readonly base: string;
  readonly candidate: string;
  readonly primary: readonly Comparison[];
  readonly exploratory: readonly Comparison[];
}

/** Pairs of targets that are not the same runtime, in the order of the result. */
export function comparisonGroups({ comparisons }: Result): readonly ComparisonGroup[] {
  return grouped(comparisons.filter(({ floor }) => floor === undefined));
}

/** A pair of targets that are the same runtime: what differs between them is noise. */
export interface FloorGroup extends ComparisonGroup {
  readonly floor: NonNullable<Comparison['floor']>;
}

/** The same daemon first: what even one daemon differs by from itself is in the floor of two. */
export function floorGroups({ comparisons }: Result): readonly FloorGroup[] {
  return (['same-daemon', 'two-daemons'] as const).flatMap((floor) =>
    grouped(comparisons.filter((comparison) => comparison.floor === floor)).map((group) => ({ ...group, floor })),
  );
}

function grouped(comparisons: readonly Comparison[]): readonly ComparisonGroup[] {
  return [...groupBy(comparisons, ({ base, candidate }) => JSON.stringify([base, candidate])).values()].flatMap(
    (same) => {
      const [first] = same;
      if (!first) return [];
      const { base, candidate } = first;
      const primary = same.filter((comparison) => comparison.primary);
      const exploratory = same.filter((comparison) => !comparison.primary);
      return [{ base, candidate, primary, exploratory }];
    },
  );
}

/** By how much the same runtime may differ from itself and be told apart no longer: 0.03 for up to 1.03 times either way. */
export function floorReach({ low, high }: Comparison): number | null {
  return low === null || high === null || low <= 0 ? null : Math.max(high, 1 / low, 1) - 1;
}

/** What else two targets differ in beside their runtimes; undefined where the result does not hold both. */
export function factorsBetween(
  { targets, hosts: machines }: Result,
  { base, candidate }: Pick<ComparisonGroup, 'base' | 'candidate'>,
): readonly DifferingFactor[] | undefined {
  const [a, b] = [base, candidate].map((name) => targets.find((target) => target.name === name));
  if (a === undefined || b === undefined) return undefined;
  const [hostA, hostB] = [a, b].map(({ hostId }) => machines.find(({ id }) => id === hostId));
  const hosts = hostA === undefined || hostB === undefined ? undefined : { a: hostA, b: hostB };
  return [...differingFaults(a, b), ...differingFactors(a, b, hosts)];
}

/** A fault is on purpose, and no hidden factor; all the same it must not be taken for the runtime. */
function differingFaults(a: Target, b: Target): readonly DifferingFactor[] {
  const [one, other] = [a, b].map((target) => joinWords(faultsBefore(target)) || 'none');
  return one === undefined || other === undefined || one === other ? [] : [{ factor: 'fault', a: one, b: other }];
}
