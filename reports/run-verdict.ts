import type { Comparison } from '../src/model/comparison.ts';
import type { Result } from '../src/model/result.ts';
import { loadWords, workloadTables, type WorkloadTable } from './benchmark-table.ts';
import { caseAreas } from './case-table.ts';
import { observationRows } from './observation-table.ts';
import { formatCount, formatDuration, formatRatio, joinWords } from './quantity.ts';

/** What a reader must know before anything else. */
export interface Banner {
  readonly title: string;
  readonly text: string;
}

export function banners(result: Result): readonly Banner[] {
  const simulated = result.warnings.filter(({ kind }) => kind === 'simulator-instead-of-runtime');
  return [
    ...simulated.map(({ message }) => ({ title: 'This is the simulator, not a container runtime', text: message })),
    ...(result.run.complete
      ? []
      : [
          {
            title: 'This run is not complete',
            text: result.run.incompleteReason ?? 'It ended before it was done, and no reason was recorded.',
          },
        ]),
  ];
}

/** What the run says about all targets together. */
export function runSentences(result: Result): readonly string[] {
  const tables = workloadTables(result);
  const brokenGates = result.gates.filter(({ broken }) => broken);
  return [
    ...(result.targets.length > 1 ? [...caseSentence(result), ...observationSentence(result)] : []),
    ...tables.flatMap((table) => workloadSentence(result, table)),
    ...(tables.some(hasPlainRatio)
      ? [
          'Medians beside which no interval stands are plain figures of this run: they do not say that a target is faster.',
        ]
      : []),
    ...(result.gates.length === 0
      ? []
      : [
          brokenGates.length === 0
            ? `All ${formatCount(result.gates.length, 'gate')} held.`
            : `${String(brokenGates.length)} of ${formatCount(result.gates.length, 'gate')} broke: ${joinWords(brokenGates.map(({ text }) => text))}.`,
        ]),
    ...(result.warnings.length === 0
      ? []
      : [`${formatCount(result.warnings.length, 'warning')} may lower the trust that this report deserves.`]),
  ];
}

function caseSentence(result: Result): readonly string[] {
  const rows = caseAreas(result).flatMap((area) => area.rows);
  if (rows.length === 0) return [];
  const differing = rows.filter(({ differs }) => differs).length;
  const cases = formatCount(rows.length, 'case');
  return [
    differing === 0
      ? `The targets came out alike in all of ${cases}.`
      : `The targets came out differently in ${String(differing)} of ${cases}.`,
  ];
}

function observationSentence(result: Result): readonly string[] {
  const rows = observationRows(result);
  if (rows.length === 0) return [];
  const differing = rows.filter(({ differs }) => differs).length;
  const behaviours = formatCount(rows.length, 'observed behaviour');
  return [
    differing === 0
      ? `They show no difference in ${behaviours}.`
      : `They differ in ${String(differing)} of ${behaviours}, which breaks no promise but may matter to a workload.`,
  ];
}

/** The primary operation only: the rest is in the tables. */
function workloadSentence(result: Result, table: WorkloadTable): readonly string[] {
  const operation = table.operations.find(({ primary }) => primary);
  const where = `${table.id}, ${loadWords(table.load)}`;
  const failed = table.cells.flatMap((cell, index) =>
    cell?.status === 'failed'
      ? [`${where}: failed on ${result.targets[index]?.name ?? ''}, so there is no figure.`]
      : [],
  );
  const medians = result.targets.flatMap(({ name }, index) => {
    const medianNs = operation?.cells[index]?.p50Ns;
    return medianNs == null ? [] : [`${formatDuration(medianNs, operation?.unit)} on ${name}`];
  });
  if (!operation || medians.length === 0) return failed;
  const compared = operation.ratios.flatMap((ratio) => (ratio?.kind === 'compared' ? [ratio.comparison] : []));
  return [
    `${where}: ${operation.name} took a median of ${joinWords(medians)}.`,
    ...compared.map(comparisonSentence),
    ...failed,
  ];
}

function hasPlainRatio({ operations }: WorkloadTable): boolean {
  return operations.some(({ primary, ratios }) => primary && ratios.some((ratio) => ratio?.kind === 'plain'));
}

/** What a comparison says, with its interval; also for those that no table has a place for. */
export function comparisonSentence({ candidate, base, metric, operation, ...comparison }: Comparison): string {
  const words = ratioWords(comparison);
  const ratio = words === undefined ? '' : ` (${metric}: ${words})`;
  switch (comparison.verdict) {
    case 'faster':
    case 'slower':
      return `${operation}: ${candidate} is ${comparison.verdict} than ${base}${ratio}.`;
    case 'same':
      return `${operation}: ${candidate} and ${base} are the same within the noise threshold${ratio}.`;
    case 'inconclusive':
      return `${operation}: whether ${candidate} is faster or slower than ${base} stays open${ratio}${comparison.reason === undefined ? '' : `: ${comparison.reason}`}.`;
  }
}

/** `1.12 times, interval 1.08 to 1.19`. */
function ratioWords({ ratio, low, high }: Pick<Comparison, 'ratio' | 'low' | 'high'>): string | undefined {
  if (ratio === null) return undefined;
  const times = `${formatRatio(ratio)} times`;
  return low === null || high === null ? times : `${times}, interval ${formatRatio(low)} to ${formatRatio(high)}`;
}
