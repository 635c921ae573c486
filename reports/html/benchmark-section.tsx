import type { Result } from '../../src/model/result.ts';
import type { WorkloadResult } from '../../src/model/workload.ts';
import { loadWords, workloadTables, type WorkloadTable } from '../benchmark-table.ts';
import { groupBy } from '../group-by.ts';
import { ArrivalTable } from './arrival-table.tsx';
import { pictureKey, type Pictures } from './benchmark-pictures.ts';
import { CostDetails } from './cost-details.tsx';
import { Doubts } from './doubts.tsx';
import { MeasureTable } from './measure-table.tsx';
import { OperationFigure, SeriesLegend } from './operation-figure.tsx';
import { OperationTable } from './operation-table.tsx';
import { Section } from './section.tsx';

export function BenchmarkSection({ result, pictures }: { readonly result: Result; readonly pictures: Pictures }) {
  const tables = workloadTables(result);
  const byWorkload = [...groupBy(tables, ({ id }) => id).values()];
  return (
    <Section id="benchmarks" title="Benchmarks">
      {tables.length === 0 ? (
        <p>This run measured nothing.</p>
      ) : (
        <p>
          n counts the calls that succeeded; failed ones are in no latency. A percentile that n cannot bound is
          withheld.
          {result.targets.length > 1
            ? ` The ratio is the p50 divided by that of ${result.targets[0]?.name ?? ''}: plain, without an interval, unless its low and high stand beside it. It is a ratio between configurations, not only between runtimes; what else differs stands in `
            : ''}
          {result.targets.length > 1 ? <a href="#differences">what differed</a> : null}
          {result.targets.length > 1 ? '.' : ''}
        </p>
      )}
      {byWorkload.map((loads) => (
        <>
          <h3>
            {loads[0]?.title} <span class="muted mono">{loads[0]?.id}</span>
          </h3>
          <p>{loads[0]?.description}</p>
          {loads.map((table) => (
            <Workload result={result} table={table} pictures={pictures} key={table.label} />
          ))}
        </>
      ))}
    </Section>
  );
}

function Workload(props: { readonly result: Result; readonly table: WorkloadTable; readonly pictures: Pictures }) {
  const { result, table, pictures } = props;
  const drawn = table.operations.flatMap((operation) => {
    const picture = pictures.get(pictureKey(table, operation));
    return picture ? [{ operation, picture }] : [];
  });
  const inOrder = drawn.toSorted((a, b) => Number(b.operation.primary) - Number(a.operation.primary));
  return (
    <div id={`benchmark-${table.label}`}>
      <Unmeasured result={result} table={table} />
      {table.operations.length === 0 ? null : <OperationTable result={result} table={table} />}
      <ArrivalTable result={result} table={table} />
      {table.measures.length === 0 ? null : <MeasureTable result={result} table={table} />}
      <Errors workloads={table.cells} />
      <Doubts warnings={result.warnings} table={table} />
      <CostDetails result={result} table={table} />
      {inOrder.length === 0 ? null : <SeriesLegend result={result} table={table} />}
      {inOrder.slice(0, 1).map(({ operation, picture }) => (
        <OperationFigure result={result} table={table} operation={operation} picture={picture} key={operation.name} />
      ))}
      {inOrder.length < 2 ? null : (
        <details>
          <summary>
            Pictures of the other {inOrder.length - 1} operations of {table.id}, {loadWords(table.load)}
          </summary>
          {inOrder.slice(1).map(({ operation, picture }) => (
            <OperationFigure
              result={result}
              table={table}
              operation={operation}
              picture={picture}
              key={operation.name}
            />
          ))}
        </details>
      )}
      {table.operations.length > 0 && drawn.length < table.operations.length ? (
        <p class="muted small">
          Operations with too few samples for a curve are not drawn, nor are all operations of a large result: the
          figures are in the table.
        </p>
      ) : null}
    </div>
  );
}

function Unmeasured({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  return (
    <>
      {table.cells.map((workload, index) =>
        workload === undefined || workload.status === 'measured' ? null : (
          <p key={workload.target}>
            <b>
              {loadWords(table.load)} on {result.targets[index]?.name}: {workload.status.replace('-', ' ')}.
            </b>{' '}
            {workload.reason}
          </p>
        ),
      )}
    </>
  );
}

function Errors({ workloads }: { readonly workloads: readonly (WorkloadResult | undefined)[] }) {
  const errors = workloads.flatMap((workload) =>
    (workload?.errors ?? []).map((error) => ({ target: workload?.target, ...error })),
  );
  if (errors.length === 0) return null;
  return (
    <ul>
      {errors.map(({ target, operation, code, message, count }) => (
        <li key={`${target ?? ''} ${operation} ${code}`}>
          <b>{`${operation} on ${target ?? ''} failed ${count.toLocaleString('en')} ${count === 1 ? 'time' : 'times'}`}</b>
          {`, the first time with ${code}: ${message}`}
        </li>
      ))}
    </ul>
  );
}
