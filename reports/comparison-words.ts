import type { DifferingFactor } from '../src/compare/hidden-factors.ts';
import type { Comparison } from '../src/model/comparison.ts';
import { loadWords } from './benchmark-table.ts';
import type { ComparisonGroup, FloorGroup } from './comparison-groups.ts';
import { formatCount, formatRatio, formatShare, joinWords } from './quantity.ts';

/** What is compared: `median of ExecSync`, or the name of a measure. */
export function figureWords({ operation, metric }: Pick<Comparison, 'operation' | 'metric'>): string {
  switch (metric) {
    case 'value':
      return operation;
    case 'p50':
      return `median of ${operation}`;
    default:
      return `${metric} of ${operation}`;
  }
}

/** Only times and rates are fast or slow: of memory or CPU a runtime uses less or more, which is better or worse. */
export function verdictWord({ verdict, unit }: Pick<Comparison, 'verdict' | 'unit'>): string {
  if (unit === 'ns' || unit.endsWith('/s')) return verdict;
  switch (verdict) {
    case 'faster':
      return 'better';
    case 'slower':
      return 'worse';
    case 'same':
    case 'inconclusive':
      return verdict;
  }
}

/** `0.78 times`, and how sure that is. */
export function ratioWords({ ratio, low, high, confidence, pairs, threshold }: Comparison): string | undefined {
  if (ratio === null) return undefined;
  const interval =
    low === null || high === null
      ? 'no interval'
      : `${formatShare(confidence)} interval ${formatRatio(low)} to ${formatRatio(high)}`;
  return `${formatRatio(ratio)} times, ${interval}, ${formatCount(pairs, 'round')} measured on both, noise threshold ${formatShare(threshold)}`;
}

/** What a comparison says in one sentence, with all that it rests on. */
export function comparisonSentence(comparison: Comparison): string {
  const { workload, load, base, candidate, better, verdict, reason } = comparison;
  const words = ratioWords(comparison);
  const direction = better === 'higher' ? ', higher is better' : '';
  const figure = `${figureWords(comparison)}${direction}`;
  const told = words === undefined ? ` (${figure})` : ` (${figure}: ${words})`;
  const where = `${workload}, ${loadWords(load)}`;
  switch (verdict) {
    case 'faster':
    case 'slower':
      return `${where}: ${candidate} is ${verdictWord(comparison)} than ${base}${told}.`;
    case 'same':
      return `${where}: ${candidate} is the same as ${base}, a difference of ${formatShare(comparison.margin ?? comparison.threshold)} is ruled out${told}.`;
    case 'inconclusive':
      return `${where}: inconclusive for ${candidate} and ${base}${told}${reason === undefined ? '' : `: ${reason}`}.`;
  }
}

/** How the primaries of a pair came out, counted by verdict. */
export function countSentence({ primary }: ComparisonGroup): string {
  const count = (verdict: Comparison['verdict']) => primary.filter((one) => one.verdict === verdict).length;
  const counted = [
    `${String(count('faster'))} faster or better`,
    `${String(count('slower'))} slower or worse`,
    `${String(count('same'))} the same`,
    `${String(count('inconclusive'))} inconclusive`,
  ];
  return `Of ${formatCount(primary.length, 'primary figure')}: ${joinWords(counted)}.`;
}

/** That a ratio is not the runtimes' alone, and what else is in it as far as it is known. */
export function factorSentence(
  factors: readonly DifferingFactor[] | undefined,
  { base, candidate }: Pick<ComparisonGroup, 'base' | 'candidate'>,
): string {
  const general = 'Each ratio is between two configurations, not only between two runtimes';
  if (factors === undefined) return `${general}; the result does not hold both, so what else differs is not known.`;
  if (factors.length === 0) return `${general}; nothing else that was recorded differs.`;
  const named = factors.map(({ factor, a, b }) => `${factor} (${a} on ${base}, ${b} on ${candidate})`);
  return `${general}: these also differ in ${joinWords(named)}.`;
}

/** What a pair of the same runtime is there for. */
export function floorSentence({ base, candidate, floor }: FloorGroup): string {
  switch (floor) {
    case 'same-daemon':
      return `${base} and ${candidate} are one daemon, asked twice: what differs between them is noise of the method and the machine.`;
    case 'two-daemons':
      return `${base} and ${candidate} are two daemons of one version in the same configuration: what differs between them is noise too, and holds what two daemons differ by for no reason of theirs.`;
  }
}
