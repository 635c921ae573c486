import type { Result } from '../../src/model/result.ts';
import { loadWords, workloadTables, type WorkloadTable } from '../benchmark-table.ts';
import { caseAreas } from '../case-table.ts';
import { observationRows } from '../observation-table.ts';
import { primaryFigures } from '../speed-verdict.ts';
import { MedianCell, RatioCell } from './figures.tsx';
import { Name } from './name.tsx';
import { Observed } from './observed.tsx';
import { OutcomeCell } from './outcome.tsx';
import { CaseName, TargetHeads } from './row-heads.tsx';
import { Section, Table } from './section.tsx';
import { SpeedBlock } from './speed-block.tsx';

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
      <SpeedBlock result={result} />
      {result.targets.length > 1 && result.workloads.length > 0 ? <Medians result={result} /> : null}
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

/** Every target beside every other one, for reading off; comparisons are elsewhere. */
function Medians({ result }: { readonly result: Result }) {
  const plain = result.comparisons.length === 0;
  return (
    <>
      <h3>Medians of the primary figures</h3>
      <Table
        class="wide"
        label="Medians of the primary figures"
        caption={`The one figure that decides each workload${plain ? ', and its ratio to the first target. A plain ratio has no interval: it does not say that one target is faster.' : ', over all rounds.'}`}
      >
        <thead>
          <tr>
            <th scope="col">workload</th>
            {result.targets.map(({ name }) => (
              <th scope="col" class="number" key={name}>
                <Name text={name} />
              </th>
            ))}
            {plain
              ? result.targets.slice(1).map(({ name }) => (
                  <th scope="col" class="number" key={name}>
                    <Name text={name} /> ÷ <Name text={result.targets[0]?.name ?? ''} />
                  </th>
                ))
              : null}
          </tr>
        </thead>
        <tbody>
          {workloadTables(result).map((table) => (
            <MedianRow table={table} plain={plain} key={table.label} />
          ))}
        </tbody>
      </Table>
    </>
  );
}

function MedianRow({ table, plain }: { readonly table: WorkloadTable; readonly plain: boolean }) {
  const row = [...table.operations, ...table.measures].find(({ primary }) => primary);
  const figures = primaryFigures(table);
  return (
    <tr>
      <th scope="row">
        <a href={`#benchmark-${table.label}`}>{table.id}</a>, {loadWords(table.load)}
        <span class="id">{table.primary}</span>
      </th>
      {table.cells.map((workload, index) => (
        <td class="number">
          <MedianCell workload={workload} figure={figures[index]} />
        </td>
      ))}
      {plain
        ? table.cells.slice(1).map((_, index) => (
            <td class="number">
              <RatioCell ratio={row?.ratios[index + 1]} />
            </td>
          ))
        : null}
    </tr>
  );
}
