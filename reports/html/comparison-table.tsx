import type { ComponentChildren } from 'preact';
import type { Comparison } from '../../src/model/comparison.ts';
import { loadLabel } from '../../src/model/workload.ts';
import { loadWords, type WorkloadTable } from '../benchmark-table.ts';
import { figureWords, verdictWord } from '../comparison-words.ts';
import { floorReach } from '../comparison-groups.ts';
import { formatCount, formatRatio, formatShare } from '../quantity.ts';
import { primaryFigures } from '../speed-verdict.ts';
import { ForestScale, ForestStrip, ratioAxis, type RatioAxis } from './forest-strip.tsx';
import { Name } from './name.tsx';
import { Table } from './section.tsx';

interface TableProps {
  readonly comparisons: readonly Comparison[];
  readonly tables: readonly WorkloadTable[];
  readonly label: string;
  readonly caption: ComponentChildren;
}

/** Ratios with their intervals drawn beside each other, the figures next to the picture, and what follows. */
export function ForestTable({ comparisons, tables, label, caption }: TableProps) {
  const axis = ratioAxis(comparisons);
  const [first] = comparisons;
  return (
    <Table class="wide forest" label={label} caption={caption}>
      <thead>
        <tr>
          <th scope="col">primary figure</th>
          <RatioHead />
          <th scope="col">
            <Name text={first?.candidate ?? ''} /> is
          </th>
          <ForestHead axis={axis} />
          <th scope="col" class="number">
            medians
            <span class="id">candidate, base</span>
          </th>
          <th scope="col">rests on</th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map((comparison) => {
          const [ofBase, ofCandidate] = mediansOf(comparison, tables);
          return (
            <tr key={keyOf(comparison)}>
              <WhatCell comparison={comparison} tables={tables} />
              <RatioFigures comparison={comparison} />
              <VerdictCell comparison={comparison} />
              <td class="drawn">
                <ForestStrip comparison={comparison} axis={axis} />
              </td>
              <td class="number">
                {ofCandidate ?? 'none'}
                <span class="id">{ofBase ?? 'none'}</span>
              </td>
              <td class="basis">
                {formatCount(comparison.pairs, 'round')}
                <span class="id">{formatShare(comparison.confidence)} confidence</span>
                <span class="id">
                  noise to {formatShare(comparison.threshold)}, same within{' '}
                  {formatShare(comparison.margin ?? comparison.threshold)}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** What is not corrected for the number of comparisons: hints, folded away. */
export function ExploratoryTable(props: TableProps & { readonly summary: string }) {
  const { comparisons, tables, label, caption, summary } = props;
  if (comparisons.length === 0) return null;
  return (
    <details>
      <summary>{summary}</summary>
      <Table class="wide" label={label} caption={caption}>
        <thead>
          <tr>
            <th scope="col">exploratory figure</th>
            <RatioHead />
            <th scope="col">uncorrected</th>
            <th scope="col" class="number">
              rounds
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map((comparison) => (
            <tr key={keyOf(comparison)}>
              <WhatCell comparison={comparison} tables={tables} />
              <RatioFigures comparison={comparison} />
              <VerdictCell comparison={comparison} />
              <td class="number">{comparison.pairs}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}

/** The same runtime against itself: how far its figures lie apart for no reason. */
export function FloorTable({ comparisons, tables, label, caption }: TableProps) {
  const axis = ratioAxis(comparisons);
  return (
    <Table class="wide forest" label={label} caption={caption}>
      <thead>
        <tr>
          <th scope="col">figure</th>
          <RatioHead />
          <th scope="col">told as</th>
          <ForestHead axis={axis} />
          <th scope="col" class="number">
            cannot be told apart
          </th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map((comparison) => {
          const reach = floorReach(comparison);
          return (
            <tr key={keyOf(comparison)}>
              <WhatCell comparison={comparison} tables={tables} />
              <RatioFigures comparison={comparison} />
              <VerdictCell comparison={comparison} />
              <td class="drawn">
                <ForestStrip comparison={comparison} axis={axis} />
              </td>
              <td class="number">{reach === null ? 'not known' : `up to ${formatShare(reach)}`}</td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function RatioHead() {
  return (
    <th scope="col" class="number">
      ratio
      <span class="id">interval</span>
    </th>
  );
}

function ForestHead({ axis }: { readonly axis: RatioAxis }) {
  return (
    <th scope="col">
      interval, logarithmic
      <ForestScale axis={axis} />
    </th>
  );
}

function WhatCell({ comparison, tables }: Pick<TableProps, 'tables'> & { readonly comparison: Comparison }) {
  const { workload, load, better } = comparison;
  const table = tableOf(comparison, tables);
  return (
    <th scope="row">
      {table === undefined ? workload : <a href={`#benchmark-${table.label}`}>{workload}</a>}, {loadWords(load)}
      <span class="id">
        {figureWords(comparison)}, {better} is better
      </span>
    </th>
  );
}

function RatioFigures({ comparison: { ratio, low, high } }: { readonly comparison: Comparison }) {
  return (
    <td class="number">
      {ratio === null ? 'none' : formatRatio(ratio)}
      <span class="id">
        {low === null || high === null ? 'no interval' : `${formatRatio(low)} to ${formatRatio(high)}`}
      </span>
    </td>
  );
}

function VerdictCell({ comparison }: { readonly comparison: Comparison }) {
  return (
    <td class="verdict">
      <b>{verdictWord(comparison)}</b>
      {comparison.reason === undefined ? null : <span class="id">{comparison.reason}</span>}
    </td>
  );
}

function tableOf({ workload, load }: Comparison, tables: readonly WorkloadTable[]): WorkloadTable | undefined {
  return tables.find((table) => table.id === workload && loadLabel(table.load) === loadLabel(load));
}

function mediansOf(comparison: Comparison, tables: readonly WorkloadTable[]): readonly (string | undefined)[] {
  const table = tableOf(comparison, tables);
  const medians = table === undefined ? [] : primaryFigures(table);
  return [comparison.base, comparison.candidate].map((name) =>
    table === undefined ? undefined : medians[table.cells.findIndex((cell) => cell?.target === name)],
  );
}

function keyOf({ workload, load, operation, metric }: Comparison): string {
  return `${workload} ${loadLabel(load)} ${operation} ${metric}`;
}
