import type { CaseResult } from '../../src/model/case.ts';
import type { Result } from '../../src/model/result.ts';
import { groupBy } from '../group-by.ts';
import { formatCount, joinWords } from '../quantity.ts';
import { isUnexpected, reportedStatus, reportedStatuses } from '../tally.ts';
import { CaseArticle } from './case-article.tsx';
import { hasDetails } from './outcome.tsx';
import { Section, Table } from './section.tsx';
import { sharedTextLimit } from './transcript.tsx';

/** Every case that needs explaining, unexpected ones first, then what was skipped or not run, and why. */
export function CaseSection({ result }: { readonly result: Result }) {
  const detailed = result.cases.filter(hasDetails);
  const longestText = sharedTextLimit(detailed);
  const rank = (results: readonly CaseResult[]) =>
    Math.min(...results.map((entry) => reportedStatuses.indexOf(reportedStatus(entry))));
  const byCase = [...groupBy(detailed, ({ id }) => id).values()].toSorted((a, b) => rank(a) - rank(b));
  const unexpected = byCase.filter((results) => results.some(isUnexpected));
  const known = byCase.filter((results) => !results.some(isUnexpected));
  const articles = (groups: readonly (readonly CaseResult[])[]) =>
    groups
      .flat()
      .map((entry) => <CaseArticle result={entry} longestText={longestText} key={`${entry.id} ${entry.target}`} />);
  return (
    <Section id="cases" title="Cases in detail">
      {detailed.length === 0 ? <p>No case went wrong.</p> : null}
      {unexpected.length === 0 ? null : (
        <>
          <h3>Unexpected</h3>
          {articles(unexpected)}
        </>
      )}
      {known.length === 0 ? null : (
        <>
          <h3>Known deviations</h3>
          {articles(known)}
        </>
      )}
      <Skipped cases={result.cases} />
      <NotRun cases={result.cases} />
    </Section>
  );
}

function Skipped({ cases }: { readonly cases: readonly CaseResult[] }) {
  const skipped = cases.flatMap((entry) =>
    entry.outcome.status === 'skipped' ? [{ ...entry, outcome: entry.outcome }] : [],
  );
  if (skipped.length === 0) return null;
  const groups = [...groupBy(skipped, ({ target, outcome }) => [target, ...outcome.missing].join('\n')).values()];
  return (
    <>
      <h3>Skipped, by what was missing</h3>
      <Table
        class="wide"
        label="Skipped cases"
        caption="A case is skipped only for a feature that was probed at the start and found absent."
      >
        <thead>
          <tr>
            <th scope="col">missing</th>
            <th scope="col">on</th>
            <th scope="col">why</th>
            <th scope="col">cases</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group[0]?.id}>
              <th scope="row" class="mono">
                {joinWords(group[0]?.outcome.missing ?? [])}
              </th>
              <td>{group[0]?.target}</td>
              <td>{[...new Set(group.map(({ outcome }) => outcome.reason))].join('; ')}</td>
              <td class="mono">{group.map(({ id }) => id).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function NotRun({ cases }: { readonly cases: readonly CaseResult[] }) {
  const notRun = cases.flatMap((entry) =>
    entry.outcome.status === 'not-run' ? [{ ...entry, outcome: entry.outcome }] : [],
  );
  if (notRun.length === 0) return null;
  const groups = [...groupBy(notRun, ({ target, outcome }) => `${target}\n${outcome.reason}`).values()];
  return (
    <>
      <h3>Not run</h3>
      <ul>
        {groups.map((group) => (
          <li key={group[0]?.id}>
            {`${formatCount(group.length, 'case')} on ${group[0]?.target ?? ''}: ${group[0]?.outcome.reason ?? ''}`}{' '}
            <span class="muted mono">{group.map(({ id }) => id).join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
