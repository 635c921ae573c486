import type { CaseResult } from '../../src/model/case.ts';
import type { Gate } from '../../src/model/comparison.ts';
import type { Result } from '../../src/model/result.ts';
import { outcomeCounts, type Tone } from '../outcome-words.ts';
import { formatFigure } from '../quantity.ts';
import { runSentences } from '../run-verdict.ts';
import { speedVerdicts } from '../speed-verdict.ts';
import { targetVerdicts, targetWords, type TargetVerdict } from '../target-verdict.ts';
import { Icon, type IconName } from './icon.tsx';
import { Name } from './name.tsx';
import { Chip } from './outcome.tsx';
import { Section, Table } from './section.tsx';

const toneIcons: Readonly<Record<Tone, IconName>> = {
  good: 'passed',
  bad: 'failed',
  doubt: 'errored',
  known: 'known',
  quiet: 'not-run',
};

export function VerdictSection({ result }: { readonly result: Result }) {
  const together = runSentences(result);
  const speed = speedVerdicts(result);
  return (
    <Section id="verdict" title="Verdict">
      <div class="cards">
        {targetVerdicts(result).map((verdict) => (
          <TargetCard
            verdict={verdict}
            cases={result.cases.filter(({ target }) => target === verdict.target.name)}
            key={verdict.target.name}
          />
        ))}
      </div>
      {together.length === 0 ? null : (
        <ul class="sentences prose">
          {together.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {speed.length === 0 ? null : (
        <>
          <h3>Speed</h3>
          {speed.map(({ title, sentences }) => (
            <>
              <h4 class="lead">{title}</h4>
              <ul class="sentences prose">
                {sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </>
          ))}
        </>
      )}
      {result.gates.length === 0 ? null : <Gates gates={result.gates} />}
    </Section>
  );
}

function TargetCard(props: { readonly verdict: TargetVerdict; readonly cases: readonly CaseResult[] }) {
  const { target, tone, headline, sentences } = props.verdict;
  return (
    <div class="card">
      <h3>{target.name}</h3>
      <div class="muted small">{targetWords(target)}</div>
      <p class={`headline tone-${tone}`}>
        <Icon name={toneIcons[tone]} />
        {headline}
      </p>
      {props.cases.length === 0 ? null : <Counts cases={props.cases} />}
      <ul class="sentences">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

/** The bar is decoration: the list under it says the same. */
function Counts({ cases }: { readonly cases: readonly CaseResult[] }) {
  const counts = outcomeCounts(cases);
  const starts = counts.map((_, index) => counts.slice(0, index).reduce((sum, { count }) => sum + count, 0));
  return (
    <>
      <svg class="bar" viewBox={`0 0 ${String(cases.length)} 1`} preserveAspectRatio="none" aria-hidden="true">
        {counts.map(({ words, count }, index) => (
          <rect class={`tone-${words.tone}`} x={starts[index]} width={count} height={1} key={words.label} />
        ))}
      </svg>
      <ul class="counts">
        {counts.map(({ words, count }) => (
          <li class={`outcome tone-${words.tone}`} key={words.label}>
            <Icon name={words.icon} />
            {`${String(count)} ${words.label}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function Gates({ gates }: { readonly gates: readonly Gate[] }) {
  return (
    <Table label="Gates" caption="Gates: bounds that were given before the run.">
      <thead>
        <tr>
          <th scope="col">gate</th>
          <th scope="col">held?</th>
          <th scope="col" class="number">
            figure
          </th>
          <th scope="col">why</th>
        </tr>
      </thead>
      <tbody>
        {gates.map(({ text, broken, actual, unit, reason }) => (
          <tr key={text}>
            <th scope="row" class="mono">
              <Name text={text} />
            </th>
            <td>
              {broken ? (
                <Chip tone="bad" icon="failed">
                  broke
                </Chip>
              ) : (
                <Chip tone="good" icon="passed">
                  held
                </Chip>
              )}
            </td>
            <td class="number">{actual === null ? 'none' : formatFigure(actual, unit)}</td>
            <td>{reason}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
