import type { Result } from '../src/model/result.ts';
import { markdownText } from './markdown-text.ts';
import { asSentence, formatCount } from './quantity.ts';
import { readinessWords } from './readiness-words.ts';

/** Room for the sentence, and for the longest list of cases that follows it. */
const longestText = 800;
const longestCases = 5;

/** Whether each target is fit for the purpose of the run, before all else. */
export function readinessBlocks({ readiness = [] }: Result): readonly string[] {
  return readiness.flatMap((one) => {
    const { headline, groups } = readinessWords(one);
    return [
      `### ${markdownText(one.target)}: ${markdownText(headline)}`,
      ...groups.map(({ title, reasons }) =>
        [
          `**${title}**`,
          '',
          ...reasons.map(
            ({ text, caseIds }) => `- ${markdownText(asSentence(text), longestText)}${casesBehind(caseIds)}`,
          ),
        ].join('\n'),
      ),
    ];
  });
}

/** By their ids, which lead to them in every other part and format of the report. */
function casesBehind(caseIds: readonly string[]): string {
  if (caseIds.length === 0) return '';
  const left = caseIds.length - longestCases;
  if (left > 0) return ` (${formatCount(caseIds.length, 'case')} in report.html)`;
  return ` (${caseIds.map((id) => markdownText(id)).join(', ')})`;
}
