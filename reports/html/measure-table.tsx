import type { Result } from '../../src/model/result.ts';
import type { MeasureRow, WorkloadTable } from '../benchmark-table.ts';
import { formatFigure } from '../quantity.ts';
import { RatioCell } from './figures.tsx';
import { Name } from './name.tsx';
import { Table } from './section.tsx';

/** Figures that are no latency, in their units: the median of the rounds, and how far the rounds lie apart. */
export function MeasureTable({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  const several = result.targets.length > 1;
  return (
    <Table
      class="wide"
      label={`Measures of ${table.label}`}
      caption="Measures: a figure for each round, and of those the median, the lowest and the highest."
    >
      <thead>
        <tr>
          <th scope="col">measure</th>
          <th scope="col">target</th>
          {['median', 'lowest', 'highest', 'rounds', ...(several ? ['ratio'] : [])].map((head) => (
            <th scope="col" class="number" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {table.measures.map((measure) => (
        <tbody key={measure.name}>
          <MeasureRows result={result} measure={measure} />
        </tbody>
      ))}
    </Table>
  );
}

function MeasureRows({ result, measure }: { readonly result: Result; readonly measure: MeasureRow }) {
  const { name, description, unit, better, primary, cells, ratios } = measure;
  const measured = cells.flatMap((cell, index) => (cell ? [{ cell, index }] : []));
  const figure = (value: number | null | undefined) =>
    value == null ? <span class="withheld">none</span> : formatFigure(value, unit);
  return (
    <>
      {measured.map(({ cell, index }, place) => (
        <tr key={index}>
          {place === 0 ? (
            <th scope="rowgroup" rowSpan={measured.length} class="operation">
              {primary ? <b>{name}</b> : name}
              <span class="id">
                {primary ? 'decides this workload; ' : ''}
                {description}; {better} is better
              </span>
            </th>
          ) : null}
          <th scope="row">
            <Name text={result.targets[index]?.name ?? ''} />
          </th>
          {[cell.median, cell.lowest, cell.highest].map((value, column) => (
            <td class="number" key={column}>
              {figure(value)}
            </td>
          ))}
          <td class="number">{cell.rounds}</td>
          {cells.length > 1 ? <td class="number">{index === 0 ? '' : <RatioCell ratio={ratios[index]} />}</td> : null}
        </tr>
      ))}
    </>
  );
}
