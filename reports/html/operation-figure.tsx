import type { Result } from '../../src/model/result.ts';
import type { OperationSummary } from '../../src/model/workload.ts';
import { loadWords, type OperationRow, type WorkloadTable } from '../benchmark-table.ts';
import { formatDuration, type DurationUnit } from '../quantity.ts';
import type { OperationPicture } from './benchmark-pictures.ts';
import type { Plot } from './plot.ts';
import { Table } from './section.tsx';
import { seriesLook } from './series-look.ts';

interface FigureProps {
  readonly result: Result;
  readonly table: WorkloadTable;
  readonly operation: OperationRow;
  readonly picture: OperationPicture;
}

/** How each target is drawn in the pictures of a workload. */
export function SeriesLegend({ result, table }: { readonly result: Result; readonly table: WorkloadTable }) {
  return (
    <ul class="legend">
      {result.targets.map(({ name }, index) => {
        if (table.cells[index]?.status !== 'measured') return null;
        const { colour, dash } = seriesLook(index);
        return (
          <li key={name}>
            <svg viewBox="0 0 48 12" aria-hidden="true">
              <path d="M1 6h46" fill="none" stroke={colour} stroke-width="2.5" stroke-dasharray={dash.join(' ')} />
            </svg>
            {name}
          </li>
        );
      })}
    </ul>
  );
}

/** The distribution and the course of one operation, and the figures behind both. */
export function OperationFigure({ result, table, operation, picture }: FigureProps) {
  const id = `plot-${table.label}-${operation.name}`;
  const where = `${operation.name}, ${table.id}, ${loadWords(table.load)}`;
  return (
    <figure>
      <figcaption>
        <b>{operation.name}</b>: first the share of calls that took no longer than the time below them (further left is
        faster), then the median of each round.
      </figcaption>
      <div class="plots">
        <PlotImage
          id={`${id}-distribution`}
          plot={picture.distribution}
          title={`Distribution of latencies: ${where}`}
          description={medianWords(result, operation)}
        />
        {picture.rounds ? (
          <PlotImage
            id={`${id}-rounds`}
            plot={picture.rounds}
            title={`Median by round: ${where}`}
            description={medianWords(result, operation)}
          />
        ) : null}
      </div>
      <details>
        <summary>The figures behind these pictures of {operation.name}</summary>
        <div class="pair">
          <div>
            <QuantileTable result={result} operation={operation} where={where} />
          </div>
          <div>
            <RoundTable result={result} operation={operation} picture={picture} where={where} />
          </div>
        </div>
      </details>
    </figure>
  );
}

/** The markup is Vega's, made of numbers and of words of ours. */
function PlotImage(props: {
  readonly id: string;
  readonly plot: Plot;
  readonly title: string;
  readonly description: string;
}) {
  const { id, plot, title, description } = props;
  return (
    <svg role="img" viewBox={plot.viewBox} aria-labelledby={`${id}-title`} aria-describedby={`${id}-description`}>
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-description`}>{description}</desc>
      <g dangerouslySetInnerHTML={{ __html: plot.markup }} />
    </svg>
  );
}

function medianWords(result: Result, operation: OperationRow): string {
  const medians = operation.cells.flatMap((cell, index) =>
    cell?.p50Ns == null
      ? []
      : [`${result.targets[index]?.name ?? ''} has a median of ${formatDuration(cell.p50Ns, operation.unit)}`],
  );
  return `${medians.join('; ')}. The table behind the picture has the figures.`;
}

const shownQuantiles = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

function QuantileTable({
  result,
  operation,
  where,
}: Pick<FigureProps, 'result' | 'operation'> & { readonly where: string }) {
  return (
    <Table
      label={`Figures of the distribution: ${where}`}
      caption="Time within which this share of the calls came back."
    >
      <thead>
        <tr>
          <th scope="col">share of calls</th>
          <Heads result={result} />
        </tr>
      </thead>
      <tbody>
        {shownQuantiles.map((quantile) => (
          <tr key={quantile}>
            <th scope="row">{quantile.toLocaleString('en', { style: 'percent' })}</th>
            {operation.cells.map((cell, index) => (
              <td class="number" key={index}>
                {quantileWords(cell, quantile, operation.unit)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What the summary withholds for want of samples is withheld here too, and with it everything further out. */
function quantileWords(summary: OperationSummary | undefined, quantile: number, unit: DurationUnit): string {
  if (!summary) return 'none';
  const bounds = [
    { from: 0.9, bound: summary.p99Ns },
    { from: 0.75, bound: summary.p90Ns },
    { from: 0, bound: summary.p50Ns },
  ];
  const bounded = bounds.find(({ from }) => quantile > from)?.bound ?? null;
  const mirrored = bounds.find(({ from }) => 1 - quantile > from)?.bound ?? null;
  const point = summary.quantiles.find((candidate) => candidate.quantile >= quantile);
  return bounded === null || mirrored === null || !point ? 'n too small' : formatDuration(point.valueNs, unit);
}

function RoundTable(props: Pick<FigureProps, 'result' | 'operation' | 'picture'> & { readonly where: string }) {
  const { result, operation, picture, where } = props;
  const rounds = Math.max(...picture.medians.map((medians) => medians.length));
  return (
    <Table label={`Medians by round: ${where}`} caption="Median of each round, in the order in which they ran.">
      <thead>
        <tr>
          <th scope="col">round</th>
          <Heads result={result} />
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: rounds }, (_, index) => (
          <tr key={index}>
            <th scope="row">{index + 1}</th>
            {picture.medians.map((medians, target) => {
              const median = medians[index];
              return (
                <td class="number" key={target}>
                  {median?.medianNs == null
                    ? 'lost'
                    : `${formatDuration(median.medianNs, operation.unit)} (n ${String(median.count)})`}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Heads({ result }: { readonly result: Result }) {
  return (
    <>
      {result.targets.map(({ name }) => (
        <th scope="col" class="number" key={name}>
          {name}
        </th>
      ))}
    </>
  );
}
