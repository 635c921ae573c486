import type { CaseResult } from '../../src/model/case.ts';
import type { TranscriptEntry } from '../../src/model/outcome.ts';
import { formatCount, formatDuration } from '../quantity.ts';
import { quotedBlock } from '../quoted-value.ts';
import { longestWithin } from '../text-budget.ts';
import { Quote } from './quote.tsx';

/** What all quoted requests, answers, values and log lines of a page may come to; result.json has them whole. */
const quotedCharacters = 400_000;

/** How long a quoted text may be so that the page stays small enough to be sent on. */
export function sharedTextLimit(cases: readonly CaseResult[]): number {
  const texts = cases.flatMap(({ outcome }) => [
    ...('transcript' in outcome ? outcome.transcript.flatMap(callTexts) : []),
    ...(outcome.status === 'failed'
      ? [quotedBlock(outcome.expected), quotedBlock(outcome.actual), outcome.evidence.join('\n')]
      : []),
  ]);
  return longestWithin(
    texts.map((text) => text.length),
    quotedCharacters,
  );
}

/** The conversation with the runtime, call by call. */
export function Transcript(props: { readonly entries: readonly TranscriptEntry[]; readonly longestText: number }) {
  const calls = props.entries.filter((entry) => 'rpc' in entry).length;
  return (
    <details>
      <summary>Transcript: {formatCount(calls, 'call')}</summary>
      <ol class="calls">
        {props.entries.map((entry, index) => (
          <li key={index}>
            <Entry entry={entry} longestText={props.longestText} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Entry({ entry, longestText }: { readonly entry: TranscriptEntry; readonly longestText: number }) {
  if ('note' in entry) return <p class="muted">{entry.note}</p>;
  const { rpc, startedAtMs, durationNs, error } = entry;
  return (
    <>
      <p>
        <b>{rpc}</b>{' '}
        <span class="muted">
          at {startedAtMs.toFixed(0)} ms, took {formatDuration(durationNs)}:
        </span>{' '}
        {error ? <span class="tone-bad">{`${error.code}: ${error.message}`}</span> : 'OK'}
      </p>
      {callTexts(entry).map((text) => (
        <Quote text={text} longestText={longestText} key={text} />
      ))}
    </>
  );
}

/** Request and response, each headed by its name; an empty one is left out. */
function callTexts(entry: TranscriptEntry): readonly string[] {
  if ('note' in entry) return [];
  return [
    ...(isEmpty(entry.request) ? [] : [quotedBlock({ request: entry.request })]),
    ...(entry.response === undefined || isEmpty(entry.response) ? [] : [quotedBlock({ response: entry.response })]),
  ];
}

function isEmpty(message: unknown): boolean {
  return typeof message === 'object' && message !== null && Object.keys(message).length === 0;
}
