import { compareTargets } from '../../compare/compare-targets.ts';
import { noiseFloors } from '../../compare/noise-floors.ts';
import type { RunEvent } from '../../model/event.ts';
import type { TargetSpec } from '../../model/target.ts';
import { parseTarget } from '../../model/target.ts';
import type { BenchmarkRequest } from './request.ts';

/**
 * The targets of a benchmark: those that are named, the control among them; for an A/A run the one target, the same daemon
 * once more, and a second daemon of the same runtime.
 */
export function measuredTargets(
  targets: readonly TargetSpec[],
  { aa, control }: BenchmarkRequest,
): readonly TargetSpec[] {
  const [only] = targets;
  if (aa === true && only?.kind === 'lab') {
    const second = only.text.replace(/^(lab:[a-z0-9-]+)(?:\+(\d+))?/, (_, lab: string, instance = '1') => {
      return `${lab}+${String(Number(instance) + 1)}`;
    });
    return [only, parseTarget(`same-daemon=${only.text}`), parseTarget(`second-daemon=${second}`)];
  }
  return control === undefined || amongst(targets, control) ? targets : [...targets, parseTarget(control)];
}

/** The target that the others are compared with: the control, given as a target or by a target's name, else the first. */
export function baseName(targets: readonly TargetSpec[], control: string | undefined): string {
  const base = control === undefined ? targets[0] : (amongst(targets, control) ?? parseTarget(control));
  return base?.name ?? '';
}

function amongst(targets: readonly TargetSpec[], control: string): TargetSpec | undefined {
  return targets.find(({ name, text }) => name === control || text === control);
}

/** What the rounds of a run say about its targets, each against the base; undefined when there is nothing to compare. */
export function comparedEvent(events: readonly RunEvent[], base: string): RunEvent | undefined {
  const results = events.flatMap((event) => (event.type === 'workload-finished' ? [event.result] : []));
  const targets = events.flatMap((event) => (event.type === 'target-probed' ? [event.target] : []));
  const candidates = [...new Set(results.map(({ target }) => target))].filter((name) => name !== base);
  if (candidates.length === 0) return undefined;
  const floors = noiseFloors(targets, base);
  return { type: 'compared', comparisons: compareTargets(results, { base, candidates, floors }), gates: [] };
}
