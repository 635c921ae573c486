import type { Result } from '../src/model/result.ts';
import type { OperationSummary } from '../src/model/workload.ts';
import { arrivalSummary, serviceTimes } from './arrivals.ts';
import { loadWords, workloadTables, type MedianRatio, type OperationRow } from './benchmark-table.ts';
import { floorGroups, floorReach } from './comparison-groups.ts';
import { figureWords, verdictWord } from './comparison-words.ts';
import { costRows } from './cost-table.ts';
import { listed, longestTable, markdownText } from './markdown-text.ts';
import { formatDuration, formatFigure, formatNumber, formatRatio, formatShare } from './quantity.ts';

/** Noise floors and figures of all workloads: latencies, starts and service times of open loads, measures and cost. */
export function benchmarkBlocks(result: Result): readonly string[] {
  return [
    ...floorTable(result),
    ...latencyTable(result),
    ...openTable(result),
    ...measureTable(result),
    ...costTable(result),
  ];
}

function floorTable(result: Result): readonly string[] {
  const rows = floorGroups(result).flatMap(({ floor, base, candidate, primary }) =>
    primary.map((comparison) => {
      const { workload, load, ratio, low, high } = comparison;
      const reach = floorReach(comparison);
      return [
        markdownText(`${workload}, ${loadWords(load)}`),
        markdownText(figureWords(comparison)),
        markdownText(`${floor === 'same-daemon' ? 'one daemon' : 'two daemons'}: ${candidate} ÷ ${base}`),
        ratio === null ? '' : formatRatio(ratio),
        low === null || high === null ? '' : `${formatRatio(low)} to ${formatRatio(high)}`,
        reach === null ? 'not known' : `up to ${formatShare(reach)}`,
        verdictWord(comparison),
      ];
    }),
  );
  const header = ['workload', 'figure', 'the same runtime', 'ratio', 'interval', 'cannot be told apart', 'told as'];
  return listed('Noise floors', header, rows, longestTable);
}

function latencyTable(result: Result): readonly string[] {
  const rows = workloadTables(result).flatMap((table) => {
    const where = markdownText(`${table.id}, ${loadWords(table.load)}`);
    const unmeasured = table.cells.flatMap((cell, index) =>
      cell === undefined || cell.status === 'measured'
        ? []
        : [
            [
              where,
              '',
              markdownText(result.targets[index]?.name ?? ''),
              markdownText(`${cell.status}: ${cell.reason ?? ''}`),
              '',
              '',
              '',
              '',
              '',
            ],
          ],
    );
    const measured = table.operations.flatMap((operation) =>
      operation.cells.flatMap((cell, index) =>
        cell === undefined
          ? []
          : [
              [
                where,
                markdownText(operation.name),
                markdownText(result.targets[index]?.name ?? ''),
                ...figures(operation, cell),
                ratioCell(operation.ratios[index]),
              ],
            ],
      ),
    );
    return [...unmeasured, ...measured];
  });
  const header = ['workload', 'operation', 'target', 'p50', 'p90', 'p99', 'n', 'failed', 'p50 ÷ first target'];
  return listed('Benchmarks', header, rows, longestTable);
}

function figures(
  { unit }: OperationRow,
  { p50Ns, p90Ns, p99Ns, count, failures }: OperationSummary,
): readonly string[] {
  const percentile = (valueNs: number | null) => (valueNs === null ? 'n too small' : formatDuration(valueNs, unit));
  return [percentile(p50Ns), percentile(p90Ns), percentile(p99Ns), String(count), String(failures)];
}

function ratioCell(ratio: MedianRatio | undefined): string {
  switch (ratio?.kind) {
    case undefined:
      return '';
    case 'plain':
      return `${formatRatio(ratio.ratio)}, plain`;
    case 'compared': {
      const { ratio: point, low, high, primary, floor } = ratio.comparison;
      const word = `${verdictWord(ratio.comparison)}${primary ? '' : ', uncorrected'}${floor === undefined ? '' : ', noise floor'}`;
      if (point === null) return word;
      const interval = low === null || high === null ? '' : ` (${formatRatio(low)} to ${formatRatio(high)})`;
      return `${formatRatio(point)}${interval}, ${word}`;
    }
  }
}

function openTable(result: Result): readonly string[] {
  const rows = workloadTables(result).flatMap((table) => {
    const decisive = table.operations.find(({ primary }) => primary) ?? table.operations[0];
    return table.cells.flatMap((workload, index) => {
      const summary = workload && arrivalSummary(workload);
      if (workload === undefined || summary === undefined) return [];
      const service = decisive && serviceTimes(workload, decisive.name);
      const duration = (valueNs: number | null | undefined) =>
        valueNs == null ? 'n too small' : formatDuration(valueNs);
      return [
        [
          markdownText(`${table.id}, ${loadWords(table.load)}`),
          markdownText(result.targets[index]?.name ?? ''),
          String(summary.intended),
          formatNumber(summary.achievedPerSecond),
          String(summary.late),
          String(summary.dropped),
          duration(summary.lagP99Ns),
          decisive === undefined ? '' : markdownText(`${decisive.name}: ${duration(service?.p50Ns)}`),
        ],
      ];
    });
  });
  const header = ['workload', 'target', 'intended', 'begun a second', 'late', 'dropped', 'lag p99', 'service p50'];
  return listed('Starts of open loads', header, rows, longestTable);
}

function measureTable(result: Result): readonly string[] {
  const rows = workloadTables(result).flatMap((table) =>
    table.measures.flatMap(({ name, unit, better, cells, ratios }) =>
      cells.flatMap((cell, index) =>
        cell?.median == null
          ? []
          : [
              [
                markdownText(`${table.id}, ${loadWords(table.load)}`),
                markdownText(name),
                markdownText(result.targets[index]?.name ?? ''),
                markdownText(formatFigure(cell.median, unit)),
                String(cell.rounds),
                better,
                ratioCell(ratios[index]),
              ],
            ],
      ),
    ),
  );
  const header = ['workload', 'measure', 'target', 'median', 'rounds', 'better', 'ratio to first target'];
  return listed('Measures', header, rows, longestTable);
}

/** What the runtime used, and what crible and others did. */
function costTable(result: Result): readonly string[] {
  const rows = workloadTables(result).flatMap((table) =>
    costRows(table)
      .filter(({ essential }) => essential)
      .map(({ label, cells }) => [
        markdownText(`${table.id}, ${loadWords(table.load)}`),
        markdownText(label),
        ...cells.map((cell) => markdownText(cell ?? 'not known')),
      ]),
  );
  const header = [
    'workload',
    'CPU time (100 % is one processor)',
    ...result.targets.map(({ name }) => markdownText(name)),
  ];
  return listed('Cost', header, rows, longestTable);
}
