import type { CaseResult } from '../src/model/case.ts';
import type { Result } from '../src/model/result.ts';
import { legibleResult } from './legible-result.ts';
import { benchmarkBlocks } from './markdown-benchmarks.ts';
import { listed, longestList, markdownList, markdownTable, markdownText } from './markdown-text.ts';
import { markFaults } from './marked-faults.ts';
import { observationRows } from './observation-table.ts';
import { outcomeWords, statusLabel } from './outcome-words.ts';
import { readinessBlocks } from './markdown-readiness.ts';
import { formatMoment } from './quantity.ts';
import type { Renderer } from './renderer.ts';
import { banners, runSentences } from './run-verdict.ts';
import { speedVerdicts } from './speed-verdict.ts';
import { isUnexpected, reportedStatuses } from './tally.ts';
import { targetVerdicts, targetWords } from './target-verdict.ts';

/** Room for a sentence on each workload, under each load. */
const longestSpeed = 60;

/** A summary for a CI job or a ticket: what to know first; report.html has the rest. */
export const renderMarkdown: Renderer = (unread) => {
  const result = markFaults(legibleResult(unread));
  const blocks = [
    `## crible: ${result.targets.map(({ name }) => markdownText(name)).join(' · ')}`,
    ...banners(result).map(({ title, text }) => `> **${markdownText(title)}.** ${markdownText(text)}`),
    ...readinessBlocks(result),
    ...verdictBlocks(result),
    ...targetTable(result),
    ...unexpectedTable(result),
    ...observationTable(result),
    ...benchmarkBlocks(result),
    provenance(result),
  ];
  return `${blocks.join('\n\n')}\n`;
};

function verdictBlocks(result: Result): readonly string[] {
  const targets = targetVerdicts(result).flatMap(({ target, headline, sentences }) =>
    titled(`${target.name}: ${headline}`, sentences, longestList),
  );
  const together = runSentences(result);
  return [
    ...targets,
    ...(together.length === 0 ? [] : titled('Together', together, longestList)),
    ...speedVerdicts(result).flatMap(({ title, sentences }) => titled(title, sentences, longestSpeed)),
  ];
}

function titled(title: string, sentences: readonly string[], longest: number): readonly string[] {
  const more = sentences.length - longest;
  return [
    `**${markdownText(title)}**`,
    ...(sentences.length === 0 ? [] : [markdownList(sentences.slice(0, longest))]),
    ...(more > 0 ? [`${String(more)} more in report.html.`] : []),
  ];
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

function provenance({ run, tool, hosts }: Result): string {
  const machines = hosts.map(
    ({ os, kernel, cpuModel, cpuCount }) => `${os}, Linux ${kernel}, ${String(cpuCount)} × ${cpuModel}`,
  );
  return markdownText(
    `${tool.name} ${tool.version}, run ${run.id}, ${formatMoment(run.startedAt)}, profile ${run.profile}, seed ${String(run.seed)}; ${machines.join('; ')}.`,
  );
}
