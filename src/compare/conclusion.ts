import type { Comparison } from '../model/comparison.ts';
import { placeOf, type Place, type Zones } from '../statistics/decision.ts';
import type { Shift } from '../statistics/shift.ts';
import type { Figure } from './figures.ts';
import { tooFewReason, undecidedReason } from './reasons.ts';
import type { Samples } from './samples.ts';

/** One comparison to be made, before anything is decided. */
export interface Question {
  readonly figure: Figure;
  readonly base: string;
  readonly candidate: string;
  readonly floor?: Comparison['floor'];
  readonly samples: Samples;
}

/** A question with what its samples say. */
export interface Finding {
  readonly question: Question;
  /** Null where they say nothing. */
  readonly shift: Shift | null;
  readonly rounds: number;
  /** As logarithms. */
  readonly zones: Zones;
}

/** How likely an interval may miss the truth: by itself, and corrected for the number of comparisons. */
export interface Levels {
  readonly plain: number;
  readonly corrected: number;
}

/** Where the interval of a finding lies, seen from its zone of noise; across its edge when there is none. */
export function placeAt({ shift, zones }: Finding, level: number): Place {
  const interval = shift?.interval(level);
  return interval ? placeOf(interval, zones.threshold) : 'across';
}

/** What a finding amounts to once its level is settled. */
export function conclude(finding: Finding, levels: Levels): Comparison {
  const { question, shift, rounds, zones } = finding;
  const { figure, base, candidate, floor } = question;
  const verdict = verdictOf(finding, levels);
  // With too few rounds for the corrected interval the plain one still shows what is known.
  const level = verdict === 'same' || shift?.interval(levels.corrected) == null ? levels.plain : levels.corrected;
  const interval = shift?.interval(level) ?? null;
  return {
    workload: figure.workload,
    load: figure.load,
    operation: figure.operation,
    metric: figure.metric,
    unit: figure.unit,
    better: figure.better,
    primary: figure.primary,
    base,
    candidate,
    ratio: shift === null ? null : Math.exp(shift.estimate),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
    confidence: 1 - level,
    threshold: Math.expm1(zones.threshold),
    margin: Math.expm1(zones.margin),
    pairs: rounds,
    ...(floor === undefined ? {} : { floor }),
    verdict,
    ...(verdict === 'inconclusive' ? { reason: reasonOf(finding, levels) } : {}),
  };
}

function verdictOf(finding: Finding, { plain, corrected }: Levels): Comparison['verdict'] {
  const { better } = finding.question.figure;
  switch (placeAt(finding, corrected)) {
    case 'above':
      return better === 'lower' ? 'slower' : 'faster';
    case 'below':
      return better === 'lower' ? 'faster' : 'slower';
    case 'inside':
    case 'across':
      return isWithinMargin(finding, plain) ? 'same' : 'inconclusive';
  }
}

function isWithinMargin({ shift, zones }: Finding, level: number): boolean {
  const interval = shift?.interval(level);
  return interval != null && placeOf(interval, zones.margin) === 'inside';
}

function reasonOf({ question: { samples }, shift, rounds, zones }: Finding, { plain, corrected }: Levels): string {
  if (samples.kind === 'none') return samples.problem;
  if (shift === null) return 'no round was measured on both sides';
  const [inside, beyond] = [shift.interval(plain), shift.interval(corrected)];
  if (inside === null || beyond === null) return tooFewReason(rounds, samples.kind, corrected);
  return undecidedReason(rounds, shift.estimate, { inside, beyond }, zones);
}
