import type { Comparison } from '../model/comparison.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { answer, type Rule } from './answer.ts';
import type { Question } from './conclusion.ts';
import { figuresOf, worthAsking, type Figure } from './figures.ts';
import { controlledSamples, unpairedSamples, type Samples, type Side } from './samples.ts';

/** A target of a run that was measured on its own. */
export interface RunSide {
  readonly workloads: readonly WorkloadResult[];
  readonly target: string;
}

export interface CompareRunsOptions extends Rule {
  /** A target that both runs measured beside the one in question, by its name in both: the same software, so that what it shows differently lies in the nights. */
  readonly control?: string;
}

/**
 * Compares a target with itself or another one in a different run. Without a control whatever changed between the runs is in
 * the ratio, and no interval can tell; with one, each run's ratio to the control is what is compared.
 */
export function compareRuns(base: RunSide, candidate: RunSide, options: CompareRunsOptions = {}): Comparison[] {
  const { control } = options;
  const [ofBase, ofCandidate] = [base, candidate].map(({ workloads, target }) => figuresOf(workloads, target));
  const [baseControl, candidateControl] = [base, candidate].map(({ workloads }) =>
    control === undefined ? undefined : figuresOf(workloads, control),
  );
  const questions = [...(ofBase?.keys() ?? [])].flatMap((key): readonly Question[] => {
    const sides = [
      { name: base.target, figure: ofBase?.get(key) },
      { name: candidate.target, figure: ofCandidate?.get(key) },
    ] as const;
    const figure = worthAsking(sides[0].figure, sides[1].figure);
    if (figure === undefined) return [];
    const controls: readonly [Side, Side] | undefined =
      control === undefined
        ? undefined
        : [
            { name: `${control} in the base`, figure: baseControl?.get(key) },
            { name: `${control} in the candidate`, figure: candidateControl?.get(key) },
          ];
    return [{ figure, base: base.target, candidate: candidate.target, samples: samplesOf(sides, controls) }];
  });
  return answer(questions, options);
}

function samplesOf([base, candidate]: readonly [Side, Side], controls: readonly [Side, Side] | undefined): Samples {
  const revised = revisionsDiffer(base.figure, candidate.figure);
  if (revised !== undefined) return { kind: 'none', problem: revised };
  if (controls === undefined) return unpairedSamples(base, candidate);
  return controlledSamples({ side: base, control: controls[0] }, { side: candidate, control: controls[1] });
}

function revisionsDiffer(base: Figure | undefined, candidate: Figure | undefined): string | undefined {
  if (base === undefined || candidate === undefined || base.revision === candidate.revision) return undefined;
  return `the workload has changed between the runs (revision ${String(base.revision)}, then ${String(candidate.revision)})`;
}
