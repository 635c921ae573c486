import { headOf } from './visible-text.ts';

/** A longer text in a table makes the table useless. */
const longestCell = 240;

/**
 * Text that Markdown, GitHub's and GitLab's included, shows as it is: on one line, no markup, no HTML, no table cell
 * broken, nothing turned into a link.
 */
export function markdownText(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length <= longestCell ? line : `${headOf(line, longestCell)}…`;
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]#!|~$@^]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=mailto|xmpp):|(?<=www)\./gi, '\\$&');
}

/** A table; the cells are Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
