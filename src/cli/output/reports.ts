import { renderers } from '../../../reports/renderer.ts';
import type { ReportFormat } from '../../../reports/renderer.ts';
import { messageOf } from '../../model/error.ts';
import type { Result } from '../../model/result.ts';
import type { OutputFolder } from './output-folder.ts';

/** The reports that every run leaves. */
export const reportFiles: readonly string[] = Object.values(renderers).map(({ fileName }) => fileName);
export const journalFile = 'journal.ndjson';

/**
 * Writes every report. One that cannot be made keeps no other from being made.
 * @returns the names of the files that were written, and what went wrong, a sentence a report
 */
export async function writeReports(
  result: Result,
  folder: OutputFolder,
  formats: readonly ReportFormat[] = Object.values(renderers),
): Promise<{ readonly written: readonly string[]; readonly problems: readonly string[] }> {
  const written: string[] = [];
  const problems: string[] = [];
  for (const { fileName, render } of formats) {
    try {
      const rendered = await (await render())(result);
      folder.write(fileName, rendered);
      written.push(fileName);
    } catch (error) {
      folder.removeEmpty(fileName);
      problems.push(`${fileName} could not be written: ${messageOf(error)}`);
    }
  }
  return { written, problems };
}
