import type { Result } from '../src/model/result.ts';
import { caseAnchor } from './html/anchor.ts';
import { markdownText } from './markdown-text.ts';
import { asSentence, formatCount } from './quantity.ts';
import { readinessWords } from './readiness-words.ts';

/** Room for the sentence, and for the longest list of cases that follows it. */
const longestText = 800;
const longestCases = 5;

/** Whether each target is fit for the purpose of the run, before all else. */
export function readinessBlocks({ readiness = [], cases }: Result): readonly string[] {
  return readiness.flatMap((one) => {
    const { headline, groups } = readinessWords(one);
    const asked = new Set(cases.filter(({ target }) => target === one.target).map(({ id }) => id));
    const linked = (id: string): string =>
      asked.has(id) ? `[${markdownText(id)}](report.html#${caseAnchor(id, one.target)})` : markdownText(id);
    return [
      `### ${markdownText(one.target)}: ${markdownText(headline)}`,
      ...groups.map(({ title, reasons }) =>
        [
          `**${title}**`,
          '',
          ...reasons.map(
            ({ text, caseIds }) => `- ${markdownText(asSentence(text), longestText)}${casesBehind(caseIds, linked)}`,
          ),
        ].join('\n'),
      ),
    ];
  });
}

/** Links lead to the report that is written beside the summary; the ids say the same everywhere else. */
function casesBehind(caseIds: readonly string[], linked: (id: string) => string): string {
  if (caseIds.length === 0) return '';
  const left = caseIds.length - longestCases;
  if (left > 0) return ` (${formatCount(caseIds.length, 'case')} in report.html)`;
  return ` (${caseIds.map(linked).join(', ')})`;
}
