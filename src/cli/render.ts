import { writeFileSync } from 'node:fs';
import { renderers } from '../../reports/renderer.ts';
import type { Format } from '../../reports/renderer.ts';
import { messageOf, UsageError } from '../model/error.ts';
import { loadExpectations } from './expectations.ts';
import { readJournal, readResult } from './output/read-run.ts';
import type { Shell } from './shell.ts';

export interface RenderRequest {
  readonly path: string;
  readonly format: Format;
  readonly output: string | undefined;
  readonly expectations: string | undefined;
}

/**
 * Makes a report of the file of a run.
 * @throws UsageError when the file is not of a run, or the report cannot be written
 */
export async function renderFile({ path, format, output, expectations }: RenderRequest, shell: Shell): Promise<void> {
  const result = path.endsWith('.ndjson') ? readJournal(path, loadExpectations(expectations)) : readResult(path);
  const report = await (await renderers[format].render())(result);
  if (output === undefined) {
    shell.print(report.replace(/\n$/, ''));
    return;
  }
  try {
    writeFileSync(output, report);
  } catch (error) {
    throw new UsageError(`cannot write the report: ${messageOf(error)}`, 'name another file with -o PATH', {
      cause: error,
    });
  }
}
