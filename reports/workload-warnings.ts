import { loadLabel } from '../src/model/workload.ts';
import type { Warning } from '../src/model/warning.ts';
import type { WorkloadTable } from './benchmark-table.ts';

/** What tables show by themselves: a withheld percentile stands as such, failed calls have a column. */
const shownAnyway: readonly Warning['kind'][] = ['too-few-samples', 'failed-calls'];

/** What is to be known beside the figures of a workload under one load; a message may begin with the load it is about. */
export function workloadWarnings(warnings: readonly Warning[], { id, load }: WorkloadTable): readonly Warning[] {
  return warnings.filter(({ kind, subject, message }) => {
    if (subject !== id || shownAnyway.includes(kind)) return false;
    const about = /^(?<label>[cr]\d[\w.-]*): /.exec(message)?.groups?.['label'];
    return about === undefined || about === loadLabel(load);
  });
}
