import type { Result } from '../../src/model/result.ts';
import { arrivalSummary } from '../arrivals.ts';
import type { WorkloadTable } from '../benchmark-table.ts';
import { formatDuration, formatNumber } from '../quantity.ts';
import { Name } from './name.tsx';
import { Table } from './section.tsx';

/** What became of the starts of an open load: whether the rate was reached, and how late crible itself was. */
export function ArrivalTable({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  const rows = table.cells.flatMap((workload, index) => {
    const summary = workload && arrivalSummary(workload);
    return summary === undefined ? [] : [{ name: result.targets[index]?.name ?? '', summary }];
  });
  if (rows.length === 0) return null;
  return (
    <Table
      class="wide"
      label={`Starts of ${table.label}`}
      caption="Starts: late ones began more than 1 ms after their time, dropped ones never did since too many were in flight. The lag is how late crible began them, the error bound of these latencies and no doing of the runtime."
    >
      <thead>
        <tr>
          <th scope="col">target</th>
          {['intended', 'begun', 'a second', 'late', 'dropped', 'lag p99', 'longest lag'].map((head) => (
            <th scope="col" class="number" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, summary }) => (
          <tr key={name}>
            <th scope="row">
              <Name text={name} />
            </th>
            <td class="number">{summary.intended.toLocaleString('en')}</td>
            <td class="number">{summary.started.toLocaleString('en')}</td>
            <td class="number">{formatNumber(summary.achievedPerSecond)}</td>
            <td class="number">{summary.late.toLocaleString('en')}</td>
            <td class="number">
              {summary.dropped === 0 ? '0' : <b class="tone-bad">{summary.dropped.toLocaleString('en')}</b>}
            </td>
            <td class="number">
              {summary.lagP99Ns === null ? <span class="withheld">n too small</span> : formatDuration(summary.lagP99Ns)}
            </td>
            <td class="number">
              {summary.lagMaxNs === null ? <span class="withheld">not known</span> : formatDuration(summary.lagMaxNs)}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
