import XMLBuilder from 'fast-xml-builder';
import type { CaseResult } from '../src/model/case.ts';
import { outcomeStatuses, type Outcome } from '../src/model/outcome.ts';
import type { Result } from '../src/model/result.ts';
import type { Target } from '../src/model/target.ts';
import { legibleResult } from './legible-result.ts';
import type { Renderer } from './renderer.ts';
import { isKnownDeviation, isUnexpected, reportedStatus } from './tally.ts';
import { transcriptLines } from './transcript-lines.ts';
import { shortened } from './visible-text.ts';

/** GitLab refuses files over 30 MB and single texts of some 8 MB: 4 kB a case leaves room for thousands of failures. */
const longestOutput = 4000;

/** What a continuous integration server makes of a case. */
type Mark =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string; readonly text: string }
  | { readonly kind: 'skipped'; readonly message: string };

/**
 * One test suite per target, one test case per case and target.
 *
 * A known deviation is written as skipped with its reason: it must not turn a nightly job red, which is what the
 * expectation is for, and it must not look green either, for the promise is broken. A pass on a retry is skipped for the
 * same reason. Each test case keeps its true outcome as a property, and each suite the counts of result.json as
 * properties `outcome.*`; the counts in the headers are those of the elements below them.
 */
export const renderJunit: Renderer = (result) => {
  const { run, tool, ...legible } = legibleResult(result);
  const suites = legible.targets.map((target) =>
    suiteOf(
      target,
      legible.cases.filter((entry) => entry.target === target.name),
      run.startedAt,
    ),
  );
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#text',
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': `${tool.name} ${tool.version}`,
      ...headerOf(suites.flatMap(({ marked }) => marked)),
      testsuite: suites.map(({ element }) => element),
    },
  });
};

interface Marked {
  readonly result: CaseResult;
  readonly mark: Mark;
}

function suiteOf(target: Target, cases: readonly CaseResult[], startedAt: Result['run']['startedAt']) {
  const marked = cases.map((result): Marked => ({ result, mark: markOf(result) }));
  const properties = [
    { '@name': 'runtime', '@value': `${target.runtimeName} ${target.runtimeVersion}` },
    { '@name': 'handler', '@value': target.handler },
    { '@name': 'api-version', '@value': target.apiVersion },
    { '@name': 'state', '@value': target.problem === undefined ? target.state : `${target.state}: ${target.problem}` },
    ...outcomeStatuses.map((status) => ({
      '@name': `outcome.${status}`,
      '@value': String(cases.filter(({ outcome }) => outcome.status === status).length),
    })),
    { '@name': 'known-deviations', '@value': String(cases.filter(isKnownDeviation).length) },
    { '@name': 'unexpected', '@value': String(cases.filter(isUnexpected).length) },
  ];
  const element = {
    '@name': target.name,
    '@timestamp': startedAt,
    ...headerOf(marked),
    properties: { property: properties },
    testcase: marked.map(testCaseOf),
  };
  return { marked, element };
}

function headerOf(marked: readonly Marked[]) {
  const count = (kind: Mark['kind']) => String(marked.filter(({ mark }) => mark.kind === kind).length);
  return {
    '@tests': String(marked.length),
    '@failures': count('failure'),
    '@errors': count('error'),
    '@skipped': count('skipped'),
    '@time': seconds(marked.reduce((sumNs, { result }) => sumNs + result.durationNs, 0)),
  };
}

/** GitLab keeps only the first of two test cases with the same name, so the name holds the target. */
function testCaseOf({ result, mark }: Marked) {
  const properties = {
    property: [
      { '@name': 'level', '@value': result.level },
      { '@name': 'revision', '@value': String(result.revision) },
      { '@name': 'outcome', '@value': reportedStatus(result) },
      { '@name': 'verdict', '@value': result.verdict },
    ],
  };
  const output = outputOf(result.outcome);
  return {
    '@name': `${result.id} [${result.target}]`,
    '@classname': `crible.${result.id.split('/')[0] ?? ''}`,
    '@time': seconds(result.durationNs),
    properties,
    ...markElement(mark),
    ...(output === '' ? {} : { 'system-out': shortened(output, longestOutput) }),
  };
}

function markElement(mark: Mark) {
  switch (mark.kind) {
    case 'passed':
      return {};
    case 'skipped':
      return { skipped: { '@message': oneLine(mark.message) } };
    case 'failure':
    case 'error':
      return { [mark.kind]: { '@message': oneLine(mark.message), '@type': mark.type, '#text': mark.text } };
  }
}

function markOf(result: CaseResult): Mark {
  const { outcome, expectation, verdict, title } = result;
  if (isKnownDeviation(result)) {
    return {
      kind: 'skipped',
      message: `expected deviation (${outcome.status}): ${expectation?.reason ?? 'no reason given'}`,
    };
  }
  if (verdict === 'unexpected-pass') {
    const message = `passed, but the expectations say that it must fail: ${expectation?.reason ?? 'no reason given'}`;
    return { kind: 'failure', type: verdict, message, text: `The runtime ${title}. Remove or narrow the expectation.` };
  }
  switch (outcome.status) {
    case 'passed':
      return result.flaky === true ? { kind: 'skipped', message: 'flaky: passed only on a retry' } : { kind: 'passed' };
    case 'skipped':
      return { kind: 'skipped', message: `${outcome.reason} (missing: ${outcome.missing.join(', ')})` };
    case 'not-run':
      return { kind: 'skipped', message: `not run: ${outcome.reason}` };
    case 'failed':
      return { kind: 'failure', type: outcome.key, message: outcome.message, text: failureText(result, outcome) };
    case 'errored':
      return {
        kind: 'error',
        type: `errored in ${outcome.phase}`,
        message: outcome.message,
        text: promiseText(result),
      };
    case 'timed-out':
    case 'runtime-died':
      return { kind: 'error', type: outcome.status, message: outcome.message, text: promiseText(result) };
  }
}

function failureText(result: CaseResult, outcome: Extract<Outcome, { status: 'failed' }>): string {
  const lines = [
    promiseText(result),
    outcome.message,
    `expected: ${shortened(JSON.stringify(outcome.expected), longestOutput)}`,
    `actual: ${shortened(JSON.stringify(outcome.actual), longestOutput)}`,
    ...outcome.evidence.map((line) => `evidence: ${line}`),
  ];
  return shortened(lines.join('\n'), 3 * longestOutput);
}

function promiseText({ title, basis }: CaseResult): string {
  return [`Promise: the runtime ${title}.`, ...basis.map(({ kind, text }) => `Rests on ${kind}: ${text}`)].join('\n');
}

function outputOf(outcome: Outcome): string {
  return 'transcript' in outcome ? transcriptLines(outcome.transcript).join('\n') : '';
}

function seconds(durationNs: number): string {
  return (durationNs / 1e9).toFixed(3);
}

/** XML parsers read line feeds in attributes as spaces; written so, nobody is surprised. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
