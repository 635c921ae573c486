import type { Finding, Readiness, Result } from '../../src/model/result.ts';
import { asSentence, formatCount } from '../quantity.ts';
import { readinessWords } from '../readiness-words.ts';
import { caseAnchor } from './anchor.ts';
import { Icon, type IconName } from './icon.tsx';
import { Section } from './section.tsx';

const icons: Readonly<Record<Finding, IconName>> = {
  blocker: 'failed',
  caveat: 'errored',
  'not-verified': 'not-run',
  met: 'passed',
};

/** Whether each target is fit for the purpose of the run; nothing where none was asked for. */
export function ReadinessSection({ result }: { readonly result: Result }) {
  if (result.readiness === undefined || result.readiness.length === 0) return null;
  return (
    <Section id="readiness" title="Readiness">
      <div class="cards">
        {result.readiness.map((readiness) => (
          <ReadinessCard
            readiness={readiness}
            asked={new Set(result.cases.filter((one) => one.target === readiness.target).map(({ id }) => id))}
            key={readiness.target}
          />
        ))}
      </div>
    </Section>
  );
}

function ReadinessCard({ readiness, asked }: { readonly readiness: Readiness; readonly asked: ReadonlySet<string> }) {
  const { headline, tone, groups } = readinessWords(readiness);
  const verdictIcons = { ready: icons.met, 'ready-with-caveats': icons.caveat, 'not-ready': icons.blocker } as const;
  return (
    <div class="card">
      <h3>{readiness.target}</h3>
      <p class={`headline tone-${tone}`}>
        <Icon name={verdictIcons[readiness.verdict]} />
        {headline}
      </p>
      {groups.map(({ finding, title, reasons }) => (
        <>
          <h4 class="lead">
            <Icon name={icons[finding]} /> {title}
          </h4>
          <ul class="sentences">
            {reasons.map(({ requirement, text, caseIds }) => (
              <li key={requirement}>
                {asSentence(text)}
                <Cases ids={caseIds} target={readiness.target} asked={asked} folded={finding !== 'blocker'} />
              </li>
            ))}
          </ul>
        </>
      ))}
    </div>
  );
}

/** The cases behind a sentence; those that the run asked are on the page. */
function Cases(props: {
  readonly ids: readonly string[];
  readonly target: string;
  readonly asked: ReadonlySet<string>;
  readonly folded: boolean;
}) {
  const { ids, target, asked, folded } = props;
  if (ids.length === 0) return null;
  const list = (
    <ul class="behind">
      {ids.map((id) => (
        <li class="id" key={id}>
          {asked.has(id) ? <a href={`#${caseAnchor(id, target)}`}>{id}</a> : id}
        </li>
      ))}
    </ul>
  );
  if (!folded) return list;
  return (
    <details>
      <summary class="small">{formatCount(ids.length, 'case')}</summary>
      {list}
    </details>
  );
}
