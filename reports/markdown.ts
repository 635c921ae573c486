import type { CaseResult } from '../src/model/case.ts';
import type { Result } from '../src/model/result.ts';
import type { OperationSummary } from '../src/model/workload.ts';
import { loadWords, workloadTables, type MedianRatio, type OperationRow } from './benchmark-table.ts';
import { legibleResult } from './legible-result.ts';
import { markdownTable, markdownText } from './markdown-text.ts';
import { observationRows } from './observation-table.ts';
import { outcomeWords, statusLabel } from './outcome-words.ts';
import { formatDuration, formatMoment, formatRatio } from './quantity.ts';
import type { Renderer } from './renderer.ts';
import { banners, runSentences } from './run-verdict.ts';
import { isUnexpected, reportedStatuses } from './tally.ts';
import { targetVerdicts, targetWords } from './target-verdict.ts';

/**
 * GitHub drops a step summary over 1 MiB whole. Rows are what grows, so they are limited; a row stays under some 2 kB, for
 * cells are shortened.
 */
const longestList = 20;
const longestTable = 100;

/** A summary for a CI job or a ticket: what to know first; report.html has the rest. */
export const renderMarkdown: Renderer = (unread) => {
  const result = legibleResult(unread);
  const blocks = [
    `## crible: ${result.targets.map(({ name }) => markdownText(name)).join(' · ')}`,
    ...banners(result).map(({ title, text }) => `> **${markdownText(title)}.** ${markdownText(text)}`),
    ...verdictBlocks(result),
    ...targetTable(result),
    ...unexpectedTable(result),
    ...observationTable(result),
    ...benchmarkTable(result),
    provenance(result),
  ];
  return `${blocks.join('\n\n')}\n`;
};

function verdictBlocks(result: Result): readonly string[] {
  const list = (sentences: readonly string[]) => sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n');
  const targets = targetVerdicts(result).flatMap(({ target, headline, sentences }) => [
    `**${markdownText(target.name)}: ${markdownText(headline)}**`,
    ...(sentences.length === 0 ? [] : [list(sentences)]),
  ]);
  const together = runSentences(result);
  return [...targets, ...(together.length === 0 ? [] : ['**Together**', list(together.slice(0, longestList))])];
}

function targetTable(result: Result): readonly string[] {
  if (result.cases.length === 0) return [];
  const verdicts = targetVerdicts(result);
  const shown = reportedStatuses.filter((status) => verdicts.some(({ tally }) => tally.byStatus[status] > 0));
  const rows = verdicts.map(({ target, tally }) => [
    `**${markdownText(target.name)}**`,
    markdownText(targetWords(target)),
    ...shown.map((status) => String(tally.byStatus[status])),
    String(tally.knownDeviations),
    String(tally.unexpectedFailures + tally.unexpectedPasses),
  ]);
  return [markdownTable(['target', 'runtime', ...shown.map(statusLabel), 'known deviations', 'unexpected'], rows)];
}

function unexpectedTable(result: Result): readonly string[] {
  const unexpected = result.cases.filter(isUnexpected);
  const rows = unexpected.map((entry) => [
    markdownText(entry.id),
    markdownText(entry.target),
    markdownText(outcomeWords(entry).label),
    markdownText(reason(entry)),
  ]);
  return listed('Unexpected outcomes', ['case', 'target', 'outcome', 'what was seen'], rows, longestList);
}

function reason({ outcome, expectation }: CaseResult): string {
  switch (outcome.status) {
    case 'passed':
      return `expected to fail: ${expectation?.reason ?? ''}`;
    case 'skipped':
    case 'not-run':
      return outcome.reason;
    case 'failed':
    case 'errored':
    case 'timed-out':
    case 'runtime-died':
      return outcome.message;
  }
}

function observationTable(result: Result): readonly string[] {
  const rows = observationRows(result)
    .filter(({ differs }) => differs)
    .map(({ key, meaning, cells }) => [
      markdownText(key),
      ...cells.map((values) => markdownText(values.map((value) => JSON.stringify(value)).join('; '))),
      markdownText(meaning),
    ]);
  const header = ['observed', ...result.targets.map(({ name }) => markdownText(name)), 'what it changes'];
  return listed('Where the targets differ without breaking a promise', header, rows, longestList);
}

function benchmarkTable(result: Result): readonly string[] {
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
      const { ratio: point, low, high, verdict } = ratio.comparison;
      if (point === null) return verdict;
      const interval = low === null || high === null ? '' : ` (${formatRatio(low)} to ${formatRatio(high)})`;
      return `${formatRatio(point)}${interval}, ${verdict}`;
    }
  }
}

function listed(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  longest: number,
): readonly string[] {
  if (rows.length === 0) return [];
  const left = rows.length - longest;
  return [
    `### ${title}`,
    markdownTable(header, rows.slice(0, longest)),
    ...(left > 0 ? [`${String(left)} more in report.html.`] : []),
  ];
}

function provenance({ run, tool, hosts }: Result): string {
  const machines = hosts.map(
    ({ os, kernel, cpuModel, cpuCount }) => `${os}, Linux ${kernel}, ${String(cpuCount)} × ${cpuModel}`,
  );
  return markdownText(
    `${tool.name} ${tool.version}, run ${run.id}, ${formatMoment(run.startedAt)}, profile ${run.profile}, seed ${String(run.seed)}; ${machines.join('; ')}.`,
  );
}
