import type { Result } from '../../src/model/result.ts';
import type { WorkloadResult } from '../../src/model/workload.ts';
import { serviceTimes } from '../arrivals.ts';
import { loadWords, type OperationRow, type WorkloadTable } from '../benchmark-table.ts';
import { formatDuration } from '../quantity.ts';
import { Percentile, RatioCell } from './figures.tsx';
import { Name } from './name.tsx';
import { Table } from './section.tsx';

/** Latencies of each operation on each target; under an open load with the time from the real start beside them. */
export function OperationTable({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  const several = result.targets.length > 1;
  const open = table.load.model === 'open';
  const heads = [
    'p50',
    'p90',
    'p99',
    'max',
    'n',
    'failed',
    ...(open ? ['service p50', 'service p99'] : []),
    ...(several ? ['p50 ratio'] : []),
  ];
  return (
    <Table class="wide" label={`Latencies of ${table.label}`} caption={captionOf(table)}>
      <thead>
        <tr>
          <th scope="col">operation</th>
          <th scope="col">target</th>
          {heads.map((head) => (
            <th scope="col" class="number" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {table.operations.map((operation) => (
        <tbody key={operation.name}>
          <OperationRows result={result} table={table} operation={operation} />
        </tbody>
      ))}
    </Table>
  );
}

/** With an open load it must be said what a latency is: it is more than the runtime took where a start came late. */
function captionOf({ load }: WorkloadTable): string {
  const words = loadWords(load);
  return load.model === 'closed'
    ? words
    : `${words}: latencies count from the intended start, service times from the real one. Where they differ, a start had to wait.`;
}

interface RowProps {
  readonly result: Result;
  readonly table: WorkloadTable;
  readonly operation: OperationRow;
}

function OperationRows({ result, table, operation }: RowProps) {
  const measured = operation.cells.flatMap((cell, index) => (cell ? [{ cell, index }] : []));
  return (
    <>
      {measured.map(({ cell, index }, place) => (
        <tr key={index}>
          {place === 0 ? (
            <th scope="rowgroup" rowSpan={measured.length} class="operation">
              {operation.primary ? <b>{operation.name}</b> : operation.name}
              <span class="id">
                {operation.primary ? 'decides this workload; ' : ''}
                {operation.description}
              </span>
            </th>
          ) : null}
          <th scope="row">
            <Name text={result.targets[index]?.name ?? ''} />
          </th>
          {[cell.p50Ns, cell.p90Ns, cell.p99Ns].map((valueNs, column) => (
            <td class="number" key={column}>
              <Percentile valueNs={valueNs} unit={operation.unit} />
            </td>
          ))}
          <td class="number">{cell.maxNs === null ? 'none' : formatDuration(cell.maxNs, operation.unit)}</td>
          <td class="number">{cell.count.toLocaleString('en')}</td>
          <td class="number">
            {cell.failures === 0 ? '0' : <b class="tone-bad">{cell.failures.toLocaleString('en')}</b>}
          </td>
          {table.load.model === 'open' ? <ServiceCells workload={table.cells[index]} operation={operation} /> : null}
          {operation.cells.length > 1 ? (
            <td class="number">{index === 0 ? '' : <RatioCell ratio={operation.ratios[index]} />}</td>
          ) : null}
        </tr>
      ))}
    </>
  );
}

function ServiceCells(props: { readonly workload: WorkloadResult | undefined; readonly operation: OperationRow }) {
  const { workload, operation } = props;
  const service = workload && serviceTimes(workload, operation.name);
  return (
    <>
      {[service?.p50Ns, service?.p99Ns].map((valueNs, column) => (
        <td class="number" key={column}>
          {valueNs === undefined ? (
            <span class="withheld">not kept</span>
          ) : (
            <Percentile valueNs={valueNs} unit={operation.unit} />
          )}
        </td>
      ))}
    </>
  );
}
