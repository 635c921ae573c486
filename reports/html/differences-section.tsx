import type { Comparison } from '../../src/model/comparison.ts';
import type { Result } from '../../src/model/result.ts';
import { loadWords, workloadTables, type WorkloadTable } from '../benchmark-table.ts';
import { caseAreas } from '../case-table.ts';
import { observationRows } from '../observation-table.ts';
import { formatRatio } from '../quantity.ts';
import { MedianCell, RatioCell } from './figures.tsx';
import { Observed } from './observed.tsx';
import { OutcomeCell } from './outcome.tsx';
import { CaseName, TargetHeads } from './row-heads.tsx';
import { Section, Table } from './section.tsx';

export function DifferencesSection({ result }: { readonly result: Result }) {
  return (
    <Section id="differences" title="What differed">
      {result.targets.length < 2 ? (
        <p>This run had one target, so there is nothing to compare.</p>
      ) : (
        <>
          <DifferingCases result={result} />
          <DifferingObservations result={result} />
        </>
      )}
      {result.targets.length > 1 && result.workloads.length > 0 ? <Medians result={result} /> : null}
      {result.comparisons.length === 0 ? null : <Comparisons comparisons={result.comparisons} />}
    </Section>
  );
}

function DifferingCases({ result }: { readonly result: Result }) {
  const rows = caseAreas(result)
    .flatMap((area) => area.rows)
    .filter(({ differs }) => differs);
  return (
    <>
      <h3>Promises</h3>
      {rows.length === 0 ? (
        <p>No case came out differently.</p>
      ) : (
        <Table
          class="wide matrix"
          label="Cases that came out differently"
          caption="Cases that came out differently; a case that was not run on a target counts for nothing here."
        >
          <thead>
            <tr>
              <th scope="col">the runtime …</th>
              <TargetHeads result={result} />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <CaseName row={row} />
                {row.cells.map((cell) => (
                  <OutcomeCell result={cell} anchored={false} />
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function DifferingObservations({ result }: { readonly result: Result }) {
  const rows = observationRows(result).filter(({ differs }) => differs);
  return (
    <>
      <h3>Behaviour within the promises</h3>
      {rows.length === 0 ? (
        <p>No observed behaviour differs.</p>
      ) : (
        <Table
          class="even"
          label="Observations that differ"
          caption="None of this is a failure. Items that not every target shows are underlined."
        >
          <thead>
            <tr>
              <th scope="col">observed, and what it changes</th>
              <TargetHeads result={result} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, meaning, cells }) => (
              <tr key={key}>
                <th scope="row">
                  <code>{key}</code>
                  <span class="id">{meaning}</span>
                </th>
                {cells.map((values) => (
                  <td>
                    <Observed values={values} cells={cells} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function Medians({ result }: { readonly result: Result }) {
  return (
    <>
      <h3>Speed</h3>
      <Table
        class="wide"
        label="Medians of the primary operations"
        caption="Median (p50) of the one operation that decides each workload, and its ratio to the first target. A plain ratio has no interval: it does not say that one target is faster."
      >
        <thead>
          <tr>
            <th scope="col">workload</th>
            {result.targets.map(({ name }) => (
              <th scope="col" class="number" key={name}>
                {name}
              </th>
            ))}
            {result.targets.slice(1).map(({ name }) => (
              <th scope="col" class="number" key={name}>
                {name} ÷ {result.targets[0]?.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {workloadTables(result).map((table) => (
            <MedianRow table={table} key={table.label} />
          ))}
        </tbody>
      </Table>
    </>
  );
}

function MedianRow({ table }: { readonly table: WorkloadTable }) {
  const operation = table.operations.find(({ primary }) => primary);
  return (
    <tr>
      <th scope="row">
        <a href={`#benchmark-${table.label}`}>{table.id}</a>, {loadWords(table.load)}
        <span class="id">{table.primary}</span>
      </th>
      {table.cells.map((workload, index) => (
        <td class="number">
          <MedianCell workload={workload} summary={operation?.cells[index]} unit={operation?.unit} />
        </td>
      ))}
      {table.cells.slice(1).map((_, index) => (
        <td class="number">
          <RatioCell ratio={operation?.ratios[index + 1]} />
        </td>
      ))}
    </tr>
  );
}

function Comparisons({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  return (
    <Table
      class="wide"
      label="Comparisons"
      caption="Comparisons over rounds: candidate ÷ base with its interval. Only primary metrics are corrected for many comparisons; exploratory ones are hints."
    >
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">base</th>
          <th scope="col">candidate</th>
          <th scope="col" class="number">
            ratio
          </th>
          <th scope="col" class="number">
            low to high
          </th>
          <th scope="col">candidate is</th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map((comparison) => (
          <tr>
            <th scope="row">
              {comparison.workload}, {loadWords(comparison.load)}
              <span class="id">
                {comparison.operation} {comparison.metric}, {comparison.primary ? 'primary' : 'exploratory'},{' '}
                {comparison.better} is better
              </span>
            </th>
            <td>{comparison.base}</td>
            <td>{comparison.candidate}</td>
            <td class="number">{comparison.ratio === null ? 'none' : formatRatio(comparison.ratio)}</td>
            <td class="number">
              {comparison.low === null || comparison.high === null
                ? 'none'
                : `${formatRatio(comparison.low)} to ${formatRatio(comparison.high)}`}
            </td>
            <td>
              {comparison.verdict}
              {comparison.reason === undefined ? null : <span class="id">{comparison.reason}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
