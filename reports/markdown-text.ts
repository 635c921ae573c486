import { headOf } from './visible-text.ts';

/** A longer text in a table makes the table useless. */
const longestCell = 240;
/** A sentence in a list has room for all that it rests on. */
const longestSentence = 800;

/**
 * Text that Markdown, GitHub's and GitLab's included, shows as it is: on one line, no markup, no HTML, no table cell
 * broken, nothing turned into a link.
 */
export function markdownText(text: string, longest = longestCell): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length <= longest ? line : `${headOf(line, longest)}…`;
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]#!|~$@^]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=mailto|xmpp):|(?<=www)\./gi, '\\$&');
}

export function markdownList(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${markdownText(sentence, longestSentence)}`).join('\n');
}

/** A table; the cells are Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * GitHub drops a step summary over 1 MiB whole. Rows are what grows, so they are limited; a row stays under some 2 kB, for
 * cells are shortened.
 */
export const longestList = 20;
export const longestTable = 100;

/** A table under its title, cut off where it would be too long; nothing where it has no row. */
export function listed(
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
