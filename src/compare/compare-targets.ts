import type { Comparison } from '../model/comparison.ts';
import type { WorkloadResult } from '../model/workload.ts';
import { answer, type Rule } from './answer.ts';
import type { Question } from './conclusion.ts';
import { figuresOf, worthAsking } from './figures.ts';
import { pairedSamples } from './samples.ts';

export interface CompareOptions extends Rule {
  /** The target that the others are compared with. */
  readonly base: string;
  readonly candidates: readonly string[];
  /** Candidates that are the same runtime as the base (`noiseFloors`): comparing them shows the noise of the run. */
  readonly floors?: ReadonlyMap<string, NonNullable<Comparison['floor']>>;
}

/**
 * Compares targets that were measured in the same rounds: every operation's median latency and every measure, under every
 * load, of each candidate with the base. Rounds are compared pair by pair, so that what hits both cancels; the interval
 * allows for rounds that are not independent of each other. What only one of the two measured is told of by its primary.
 */
export function compareTargets(results: readonly WorkloadResult[], options: CompareOptions): Comparison[] {
  const { base, candidates, floors } = options;
  const ofBase = figuresOf(results, base);
  const questions = candidates.flatMap((candidate): readonly Question[] => {
    const ofCandidate = figuresOf(results, candidate);
    const floor = floors?.get(candidate);
    const keys = new Set([...ofBase.keys(), ...ofCandidate.keys()]);
    return [...keys].flatMap((key) => {
      const sides = [
        { name: base, figure: ofBase.get(key) },
        { name: candidate, figure: ofCandidate.get(key) },
      ] as const;
      const figure = worthAsking(sides[0].figure, sides[1].figure);
      if (figure === undefined) return [];
      return [{ figure, base, candidate, ...(floor === undefined ? {} : { floor }), samples: pairedSamples(...sides) }];
    });
  });
  return answer(questions, options);
}
