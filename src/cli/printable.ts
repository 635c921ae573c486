import { visible } from '../../reports/visible-text.ts';

/** Text that a runtime may have written, without anything that moves a cursor or hides a letter; lines stay lines. */
export function printable(text: string): string {
  return visible(text);
}

/** The same on one line, and no longer than a reader wants. */
export function oneLine(text: string, maxLength = 300): string {
  const line = visible(text.replace(/\s*\n\s*/g, ' ').replace(/\t/g, ' '));
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
