import type { Result } from '../src/model/result.ts';
import type { Target } from '../src/model/target.ts';

/** What follows the name of a target with a fault before it, wherever a report names it. */
const mark = ' (a fault is on)';

/** The faults before a target as its specification has them, outermost first: `fault:delay(StartContainer,20%)`. */
export function faultsBefore({ spec }: Pick<Target, 'spec'>): readonly string[] {
  const faults = /^(?:[^=:]+=)?(?<faults>(?:fault:[^@]*@)*)/.exec(spec)?.groups?.['faults'] ?? '';
  return faults.split('@').filter((fault) => fault !== '' && fault !== 'fault:none');
}

/**
 * The result with every target that has a fault before it called so, in every place that names it. Renderers for people
 * call it before all else, so that no part of a report can forget to.
 */
export function markFaults(result: Result): Result {
  const faulty = new Set(result.targets.filter((target) => faultsBefore(target).length > 0).map(({ name }) => name));
  if (faulty.size === 0) return result;
  const marked = (name: string) => (faulty.has(name) ? `${name}${mark}` : name);
  const ofTarget = <T extends { readonly target: string }>(entry: T): T => ({ ...entry, target: marked(entry.target) });
  return {
    ...result,
    targets: result.targets.map((target) => ({ ...target, name: marked(target.name) })),
    cases: result.cases.map(ofTarget),
    observations: result.observations.map(ofTarget),
    workloads: result.workloads.map(ofTarget),
    comparisons: result.comparisons.map((comparison) => ({
      ...comparison,
      base: marked(comparison.base),
      candidate: marked(comparison.candidate),
    })),
    ...(result.readiness === undefined ? {} : { readiness: result.readiness.map(ofTarget) }),
    warnings: result.warnings.map((warning) =>
      warning.target === undefined ? warning : { ...warning, target: marked(warning.target) },
    ),
  };
}
