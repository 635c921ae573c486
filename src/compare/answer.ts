import type { Comparison } from '../model/comparison.ts';
import { holm } from '../statistics/holm.ts';
import type { Shift } from '../statistics/shift.ts';
import { conclude, placeAt, type Finding, type Question } from './conclusion.ts';
import { figureKey } from './figures.ts';
import { roundsIn, shiftsOf } from './shifts.ts';

/** How sure a report as a whole is to raise no false alarm, and an interval by itself to hold the truth. */
const usualConfidence = 0.95;

/**
 * Smaller differences are noise to whoever decides between runtimes. Narrow enough for 20 rounds to find a difference of 10 %
 * when each target's own rounds scatter by 5 %: with 3 % they find it 89 times of 100 (calibration.test.ts).
 */
const usualThreshold = 0.025;

/**
 * What `same` rules out: the difference that the usual rounds are made to find. To find nothing is not to show that nothing is
 * there, so equivalence has a margin of its own, as trials of equivalence have (Schuirmann 1987, doi:10.1007/BF01068419).
 * It cannot be the threshold: twenty rounds that scatter by 5 % bound a ratio to 3.4 %, so that two names of one daemon would
 * hardly ever be called the same.
 */
const usualMargin = 0.1;

export interface Rule {
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** Relative difference below which it is noise, 0.025 unless given: from 1/1.025 times to 1.025 times. */
  readonly threshold?: number;
  /** Relative difference that `same` rules out, 0.1 unless given; never less than the threshold. */
  readonly margin?: number;
}

/**
 * Answers all questions of one report.
 *
 * - A difference is claimed (`faster`, `slower`) when the whole interval lies beyond the noise threshold. For primaries the
 *   interval is corrected for their number: Holm's procedure over all primaries of the report, so that a report in which
 *   nothing differs says otherwise with a probability of at most 1 - confidence, however many workloads it has. The interval
 *   told is the one of the step that decided, of confidence 1 - (1 - confidence)/(m - k) with k of m rejected before.
 * - `same`: nothing is claimed, and the interval at the plain confidence lies within the margin; it is the one told. It is not
 *   corrected: a report that says `same` of many workloads raises no alarm.
 * - Otherwise `inconclusive`, with what would decide.
 *
 * Where base and candidate are the same runtime, their interval is the noise floor of that figure: the other questions about
 * the figure are asked with a threshold that reaches to its far end.
 */
export function answer(questions: readonly Question[], rule: Rule): Comparison[] {
  const level = 1 - (rule.confidence ?? usualConfidence);
  const threshold = Math.log1p(rule.threshold ?? usualThreshold);
  const margin = Math.log1p(rule.margin ?? usualMargin);
  const shifts = shiftsOf(questions.map(({ samples }) => samples));
  const floors = farEndsOfFloors(questions, shifts, level);
  const findings = questions.map((question, index): Finding => {
    const floor = question.floor ? undefined : floors.get(figureKey(question.figure));
    const raised = Math.max(threshold, floor ?? 0);
    return {
      question,
      shift: shifts[index] ?? null,
      rounds: roundsIn(question.samples),
      zones: { threshold: raised, margin: Math.max(margin, raised) },
    };
  });
  // One that has no interval at all cannot raise an alarm, so it is not counted among those that could.
  const family = findings.filter(({ question, shift }) => question.figure.primary && shift?.interval(level) != null);
  const steps = holm(family, level, (finding, stepLevel) => {
    const place = placeAt(finding, stepLevel);
    return place === 'above' || place === 'below';
  });
  const corrected = new Map(family.map((finding, index) => [finding, steps[index]?.level]));
  return findings.map((finding) => conclude(finding, { plain: level, corrected: corrected.get(finding) ?? level }));
}

/** How far the same runtime may be from itself, as a logarithm, by the figure's key. */
function farEndsOfFloors(
  questions: readonly Question[],
  shifts: readonly (Shift | null)[],
  level: number,
): ReadonlyMap<string, number> {
  const farEnds = new Map<string, number>();
  for (const [index, { figure, floor }] of questions.entries()) {
    const interval = floor === undefined ? null : shifts[index]?.interval(level);
    if (!interval) continue;
    const key = figureKey(figure);
    farEnds.set(key, Math.max(farEnds.get(key) ?? 0, interval.high, -interval.low));
  }
  return farEnds;
}
