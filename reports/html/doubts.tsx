import type { Warning } from '../../src/model/warning.ts';
import type { WorkloadTable } from '../benchmark-table.ts';
import { workloadWarnings } from '../workload-warnings.ts';
import { warningWords } from '../warning-words.ts';

/** Warnings about a workload where its figures stand, with what each kind means for them. */
export function Doubts(props: { readonly warnings: readonly Warning[]; readonly table: WorkloadTable }) {
  const doubts = workloadWarnings(props.warnings, props.table);
  if (doubts.length === 0) return null;
  return (
    <ul class="doubts">
      {doubts.map(({ kind, target, message }) => (
        <li key={`${kind} ${target ?? ''} ${message}`}>
          <b>
            {warningWords[kind].title}
            {target === undefined ? '' : ` (${target})`}.
          </b>{' '}
          {message} <span class="muted">{warningWords[kind].explanation}</span>
        </li>
      ))}
    </ul>
  );
}
