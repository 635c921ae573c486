import type { Result } from '../../src/model/result.ts';
import type { WorkloadTable } from '../benchmark-table.ts';
import { costGaps, costRows } from '../cost-table.ts';
import { asSentence, joinWords } from '../quantity.ts';
import { TargetHeads } from './row-heads.tsx';
import { Table } from './section.tsx';

/** Whose CPU time a workload took, ours included, and why a figure is not known. */
export function CostDetails({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  const rows = costRows(table);
  const gaps = costGaps(table);
  const [first] = rows;
  if (first === undefined && gaps.length === 0) return null;
  const known = (first?.cells ?? []).flatMap((cell, index) =>
    cell === undefined ? [] : [`${cell} on ${result.targets[index]?.name ?? ''}`],
  );
  return (
    <details>
      <summary>
        What {table.label} cost
        {known.length === 0 ? '' : `; CPU time of the ${first?.label ?? ''}: ${joinWords(known)}`}
      </summary>
      {rows.length === 0 ? null : (
        <Table
          class="wide"
          label={`Cost of ${table.label}`}
          caption="CPU time while a round ran, the median of the rounds; 100 % is one processor. Beside the runtime’s stands what crible and others used meanwhile, for it is part of what was measured."
        >
          <thead>
            <tr>
              <th scope="col">whose</th>
              <TargetHeads result={result} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, meaning, cells }) => (
              <tr key={label}>
                <th scope="row">
                  {label}
                  {meaning === '' ? null : <span class="id">{meaning}</span>}
                </th>
                {cells.map((cell, index) => (
                  <td key={index}>{cell ?? <span class="withheld">not known</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {gaps.length === 0 ? null : (
        <ul class="small">
          {gaps.map(({ target, figures, reason }) => (
            <li key={`${target} ${reason}`}>
              Not known of {target}: {joinWords(figures)}. {asSentence(reason)}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
