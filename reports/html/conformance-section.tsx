import type { Result } from '../../src/model/result.ts';
import { caseAreas, type CaseRow } from '../case-table.ts';
import { outcomeWords, statusLabel } from '../outcome-words.ts';
import { reportedStatuses, tally, type Tally } from '../tally.ts';
import { Icon } from './icon.tsx';
import { OutcomeCell } from './outcome.tsx';
import { CaseName, TargetHeads } from './row-heads.tsx';
import { Section, Table } from './section.tsx';

export function ConformanceSection({ result }: { readonly result: Result }) {
  return (
    <Section id="conformance" title="Conformance">
      {result.cases.length === 0 ? (
        <p>This run asked about no promise.</p>
      ) : (
        <>
          <CountsTable result={result} />
          <Matrix result={result} />
        </>
      )}
    </Section>
  );
}

function CountsTable({ result }: { readonly result: Result }) {
  const counts = result.targets.map(({ name }) => tally(result.cases.filter(({ target }) => target === name)));
  const statuses = reportedStatuses.filter((status) => counts.some(({ byStatus }) => byStatus[status] > 0));
  const sums: readonly (readonly [string, (counted: Tally) => number])[] = [
    ['all cases', ({ total }) => total],
    ['known deviations among them', ({ knownDeviations }) => knownDeviations],
    ['unexpected among them', ({ unexpectedFailures, unexpectedPasses }) => unexpectedFailures + unexpectedPasses],
  ];
  return (
    <Table
      label="Counts of outcomes"
      caption="A failed case is a broken promise. A known deviation went wrong and was expected to. Unexpected are new failures, and passes of cases that must fail."
    >
      <thead>
        <tr>
          <th scope="col">outcome</th>
          {result.targets.map(({ name }) => (
            <th scope="col" class="number" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {statuses.map((status) => (
          <tr key={status}>
            <th scope="row">
              <Icon name={status} /> {statusLabel(status)}
            </th>
            {counts.map(({ byStatus }, index) => (
              <td class="number" key={index}>
                {byStatus[status]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tbody class="sums">
        {sums.map(([name, read]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {counts.map((counted, index) => (
              <td class="number" key={index}>
                {read(counted)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Matrix({ result }: { readonly result: Result }) {
  const areas = caseAreas(result);
  const rows = areas.flatMap((area) => area.rows);
  return (
    <>
      <fieldset class="filter">
        <legend>Show</legend>
        <Choice id="show-all" text={`all ${String(rows.length)} cases`} chosen />
        <Choice id="show-wrong" text={`not passed everywhere (${String(rows.filter(isWrong).length)})`} />
        {result.targets.length < 2 ? null : (
          <Choice
            id="show-differing"
            text={`different between targets (${String(rows.filter(({ differs }) => differs).length)})`}
          />
        )}
      </fieldset>
      <Table
        class="wide matrix"
        label="Conformance matrix"
        caption="Each case completes “the runtime …”. Outcomes that need explaining lead to their details."
      >
        <thead>
          <tr>
            <th scope="col">the runtime …</th>
            <TargetHeads result={result} />
          </tr>
        </thead>
        {areas.map((area) => (
          <tbody key={area.name}>
            <tr class="area">
              <th scope="rowgroup" colSpan={result.targets.length + 1}>
                {area.name}
              </th>
            </tr>
            {area.rows.map((row) => (
              <tr
                class={[isWrong(row) ? 'wrong' : '', row.differs ? 'differs' : ''].join(' ').trim() || undefined}
                key={row.id}
              >
                <CaseName row={row} />
                {row.cells.map((cell) => (
                  <OutcomeCell result={cell} anchored />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </Table>
    </>
  );
}

/** Works without a script: the style sheet looks at which one is chosen. */
function Choice({ id, text, chosen }: { readonly id: string; readonly text: string; readonly chosen?: boolean }) {
  return (
    <label>
      <input type="radio" name="show" id={id} checked={chosen} />
      {text}
    </label>
  );
}

function isWrong({ cells }: CaseRow): boolean {
  return cells.some((cell) => cell !== undefined && outcomeWords(cell).icon !== 'passed');
}
