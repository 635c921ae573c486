import type { Result } from '../../src/model/result.ts';
import { groupBy } from '../group-by.ts';
import { observationRows, type ObservationRow } from '../observation-table.ts';
import { Observed } from './observed.tsx';
import { TargetHeads } from './row-heads.tsx';
import { Section, Table } from './section.tsx';

const stabilityWords: Readonly<Record<ObservationRow['stability'], string>> = {
  exact: '',
  set: 'in any order',
  range: 'varies from run to run, so it is never counted as a difference',
};

export function ObservationSection({ result }: { readonly result: Result }) {
  const rows = observationRows(result);
  return (
    <Section id="observations" title="Observations">
      <p>Where the CRI leaves room, runtimes may differ without breaking a promise. Each value was seen in this run.</p>
      {rows.length === 0 ? (
        <p>Nothing was observed.</p>
      ) : (
        <Table class="even" label="All observations" caption="Items that not every target shows are underlined.">
          <thead>
            <tr>
              <th scope="col">observed, and what it changes</th>
              <TargetHeads result={result} />
            </tr>
          </thead>
          {[...groupBy(rows, ({ differs }) => (differs ? 'different' : 'not different'))].map(([name, group]) => (
            <tbody key={name}>
              {result.targets.length > 1 ? (
                <tr class="area">
                  <th scope="rowgroup" colSpan={result.targets.length + 1}>
                    {name} ({group.length})
                  </th>
                </tr>
              ) : null}
              {group.map((row) => (
                <Observation row={row} key={row.key} />
              ))}
            </tbody>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Observation({ row: { key, meaning, stability, cells } }: { readonly row: ObservationRow }) {
  return (
    <tr>
      <th scope="row">
        <code>{key}</code>
        <span class="id">{[meaning, stabilityWords[stability]].filter((words) => words !== '').join(' · ')}</span>
      </th>
      {cells.map((values, index) => (
        <td key={index}>
          <Observed values={values} cells={cells} />
        </td>
      ))}
    </tr>
  );
}
