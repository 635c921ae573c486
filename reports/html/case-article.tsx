import type { CaseResult } from '../../src/model/case.ts';
import type { Expectation } from '../../src/model/expectation.ts';
import { levelWords, outcomeWords } from '../outcome-words.ts';
import { formatDuration } from '../quantity.ts';
import { quotedBlock } from '../quoted-value.ts';
import { caseAnchor } from './anchor.ts';
import { Chip } from './outcome.tsx';
import { Quote } from './quote.tsx';
import { Transcript } from './transcript.tsx';

const basisWords: Readonly<Record<CaseResult['basis'][number]['kind'], string>> = {
  proto: 'CRI',
  kep: 'KEP',
  kubelet: 'kubelet',
  oci: 'OCI',
};

/** One case on one target: what was promised, what happened, and the conversation that shows it. */
export function CaseArticle({ result, longestText }: { readonly result: CaseResult; readonly longestText: number }) {
  const { id, revision, title, level, rpcs, basis, target, outcome, durationNs, asked, expectation } = result;
  const { label, tone, icon } = outcomeWords(result);
  const anchor = caseAnchor(id, target);
  return (
    <article id={anchor} aria-labelledby={`${anchor}-title`}>
      <div class="heading">
        <h4 id={`${anchor}-title`}>
          {target}: {title}
        </h4>
        <Chip tone={tone} icon={icon}>
          {label}
        </Chip>
      </div>
      <p class="said">{saidOf(outcome)}</p>
      <dl class="facts">
        <dt>case</dt>
        <dd>
          <code>{id}</code> revision {revision}, {formatDuration(durationNs)}
        </dd>
        <dt>level</dt>
        <dd>
          {level}: {levelWords[level]}
        </dd>
        <dt>RPCs</dt>
        <dd>{rpcs.join(', ')}</dd>
        <dt>rests on</dt>
        <dd>
          {basis.map(({ kind, text }) => (
            <p key={text}>{text.startsWith(basisWords[kind]) ? text : `${basisWords[kind]}: ${text}`}</p>
          ))}
        </dd>
        {asked.length === 0 ? null : (
          <>
            <dt>asked</dt>
            <dd>
              {asked.map((key, index) => (
                <>
                  {index === 0 ? '' : ', '}
                  <code>{key}</code>
                </>
              ))}
              {outcome.status === 'failed' ? ' (where it failed comes last)' : ''}
            </dd>
          </>
        )}
        {expectation === undefined ? null : <ExpectationFacts expectation={expectation} />}
        {outcome.status === 'failed' ? (
          <>
            <dt>fails at</dt>
            <dd>
              <code>{outcome.key}</code>
            </dd>
          </>
        ) : null}
        {outcome.status === 'errored' ? (
          <>
            <dt>came up in</dt>
            <dd>{outcome.phase}</dd>
          </>
        ) : null}
      </dl>
      {outcome.status === 'failed' ? (
        <div class="pair">
          <Quoted label="expected" text={quotedBlock(outcome.expected)} longestText={longestText} />
          <Quoted label="actual" text={quotedBlock(outcome.actual)} longestText={longestText} />
        </div>
      ) : null}
      {outcome.status === 'failed' && outcome.evidence.length > 0 ? (
        <Quoted label="evidence" text={outcome.evidence.join('\n')} longestText={longestText} />
      ) : null}
      {'transcript' in outcome ? <Transcript entries={outcome.transcript} longestText={longestText} /> : null}
    </article>
  );
}

function saidOf(outcome: CaseResult['outcome']): string {
  switch (outcome.status) {
    case 'failed':
    case 'errored':
    case 'timed-out':
    case 'runtime-died':
      return outcome.message;
    case 'passed':
      return 'It passed, although the list of expectations says that it must fail. Remove or narrow the expectation.';
    case 'skipped':
    case 'not-run':
      return outcome.reason;
  }
}

function ExpectationFacts({ expectation }: { readonly expectation: Expectation }) {
  const { runtime, versions, reason, link, evidence } = expectation;
  return (
    <>
      <dt>expected, because</dt>
      <dd>
        {reason}
        {link === undefined ? null : <> ({/^https?:\/\//.test(link) ? <a href={link}>{link}</a> : link})</>}
      </dd>
      <dt>expected of</dt>
      <dd>
        {runtime} {versions === '*' ? 'in all versions' : versions}, {expectationWords(expectation)}; evidence:{' '}
        {evidence.replaceAll('-', ' ')}
      </dd>
    </>
  );
}

function expectationWords(expectation: Expectation): string {
  switch (expectation.expect) {
    case 'must-fail':
      return 'must fail';
    case 'may-fail': {
      const { seen, expires } = expectation;
      return `may fail (seen ${String(seen.failed)} times in ${String(seen.runs)} runs), must pass from ${expires}`;
    }
  }
}

function Quoted(props: { readonly label: string; readonly text: string; readonly longestText: number }) {
  return (
    <div>
      <p class="label">{props.label}</p>
      <Quote text={props.text} longestText={props.longestText} />
    </div>
  );
}
