import type { Comparison } from '../src/model/comparison.ts';
import type { Result } from '../src/model/result.ts';
import { loadLabel } from '../src/model/workload.ts';
import { loadWords, workloadTables, type WorkloadTable } from './benchmark-table.ts';
import { comparisonGroups, factorsBetween, floorGroups, floorReach, type FloorGroup } from './comparison-groups.ts';
import { comparisonSentence, countSentence, factorSentence, figureWords } from './comparison-words.ts';
import { formatCount, formatDuration, formatFigure, formatShare, joinWords } from './quantity.ts';

/** Sentences that belong together: about a pair of targets, about noise, or about figures that nothing compares. */
export interface SpeedVerdict {
  readonly title: string;
  readonly sentences: readonly string[];
}

/**
 * What the run says about speed. For each pair of targets: how it came out, what stands between its ratios and a statement
 * about runtimes, and a sentence for the primary figure of each workload. Faster, slower and the same come from comparisons
 * alone.
 */
export function speedVerdicts(result: Result): readonly SpeedVerdict[] {
  const pairs = comparisonGroups(result).map((group): SpeedVerdict => {
    const { base, candidate, primary } = group;
    return {
      title: `${candidate} compared with ${base}`,
      sentences: [
        ...(primary.length > 1 ? [countSentence(group)] : []),
        factorSentence(factorsBetween(result, group), group),
        ...primary.map(comparisonSentence),
      ],
    };
  });
  const floors = floorGroups(result).map(floorVerdict);
  const tables = workloadTables(result).filter((table) => !isCompared(result, table));
  const plain = tables.flatMap((table) => figureSentence(result, table));
  const warned = result.targets.length > 1 && tables.some(hasFigures) ? [plainWarning] : [];
  return [
    ...pairs,
    { title: 'What this run cannot tell apart', sentences: floors },
    { title: 'Figures', sentences: [...plain, ...warned] },
  ].filter(({ sentences }) => sentences.length > 0);
}

const plainWarning =
  'Figures beside which no interval stands are plain figures of this run: they do not say that a target is faster.';

/** Whether comparisons speak of the workload's primary; those between one runtime and itself speak of noise. */
function isCompared({ comparisons }: Result, { id, load }: WorkloadTable): boolean {
  return comparisons.some(
    (comparison) => comparison.primary && comparison.workload === id && loadLabel(comparison.load) === loadLabel(load),
  );
}

/** The primary figure only: the rest is in the tables. */
function figureSentence(result: Result, table: WorkloadTable): readonly string[] {
  const where = `${table.id}, ${loadWords(table.load)}`;
  const names = result.targets.map(({ name }) => name);
  const failed = table.cells.flatMap((cell, index) =>
    cell?.status === 'failed' ? [`${where}: failed on ${names[index] ?? ''}, so there is no figure.`] : [],
  );
  const told = primaryFigures(table).flatMap((figure, index) =>
    figure === undefined ? [] : [`${figure} on ${names[index] ?? ''}`],
  );
  const took = table.measures.some(({ primary }) => primary) ? 'came to' : 'took';
  return told.length === 0 ? failed : [`${where}: ${table.primary} ${took} a median of ${joinWords(told)}.`, ...failed];
}

/** The median of the primary figure on each target, in words; undefined where there is none. */
export function primaryFigures({ operations, measures, cells }: WorkloadTable): readonly (string | undefined)[] {
  const operation = operations.find(({ primary }) => primary);
  const measure = measures.find(({ primary }) => primary);
  return cells.map((_, index) => {
    const medianNs = operation?.cells[index]?.p50Ns;
    if (medianNs != null) return formatDuration(medianNs, operation?.unit);
    const median = measure?.cells[index]?.median;
    return median == null ? undefined : formatFigure(median, measure?.unit ?? '');
  });
}

function hasFigures(table: WorkloadTable): boolean {
  return primaryFigures(table).filter((figure) => figure !== undefined).length > 1;
}

/** How far the method can see, and whether it saw something where there is nothing. */
function floorVerdict({ base, candidate, floor, primary }: FloorGroup): string {
  const what = floor === 'same-daemon' ? 'one daemon asked twice' : 'two daemons of one kind';
  const alarms = primary.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower');
  const same = primary.filter(({ verdict }) => verdict === 'same').length;
  const reaches = primary.flatMap((comparison) => floorReach(comparison) ?? []);
  const reach =
    reaches.length === 0
      ? 'no interval, so the noise floor is not known'
      : `differences of up to ${formatShare(Math.max(...reaches))} are within the noise of some of them`;
  return `Noise floor, ${what} (${base} and ${candidate}): ${String(same)} of ${formatCount(primary.length, 'primary figure')} the same, ${reach}. ${alarmWords(alarms)}`;
}

function alarmWords(alarms: readonly Comparison[]): string {
  if (alarms.length === 0) return 'None was told apart.';
  const named = alarms.map((alarm) => `${figureWords(alarm)} of ${alarm.workload}, ${loadWords(alarm.load)}`);
  return `Told apart although they are the same: ${joinWords(named)}. Differences of such figures deserve no trust in this run.`;
}
