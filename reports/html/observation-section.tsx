import type { Result } from '../../src/model/result.ts';
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
        <Table
          class="wide"
          label="All observations"
          caption="Differing keys first; items that not every target shows are underlined."
        >
          <thead>
            <tr>
              <th scope="col">observed</th>
              <TargetHeads result={result} />
              {result.targets.length > 1 ? <th scope="col">differs</th> : null}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, meaning, stability, cells, differs }) => (
              <tr key={key}>
                <th scope="row">
                  <code>{key}</code>
                  <span class="id">
                    {[meaning, stabilityWords[stability]].filter((words) => words !== '').join(' · ')}
                  </span>
                </th>
                {cells.map((values) => (
                  <td>
                    <Observed values={values} cells={cells} />
                  </td>
                ))}
                {result.targets.length > 1 ? <td>{differs ? <b>differs</b> : <span class="muted">no</span>}</td> : null}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}
