import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import type { Result } from '../../src/model/result.ts';
import { legibleResult } from '../legible-result.ts';
import { formatCount, formatDuration, formatMoment, joinWords } from '../quantity.ts';
import { markFaults } from '../marked-faults.ts';
import type { Renderer } from '../renderer.ts';
import { banners } from '../run-verdict.ts';
import { isUnexpected } from '../tally.ts';
import { shortened } from '../visible-text.ts';
import { drawPictures, type Pictures } from './benchmark-pictures.ts';
import { BenchmarkSection } from './benchmark-section.tsx';
import { CaseSection } from './case-section.tsx';
import { MethodSection, ReproductionSection, WarningSection } from './closing-sections.tsx';
import { ConformanceSection } from './conformance-section.tsx';
import { DifferencesSection } from './differences-section.tsx';
import { EnvironmentSection } from './environment-section.tsx';
import { Icon, IconSprite } from './icon.tsx';
import { ObservationSection } from './observation-section.tsx';
import { ReadinessSection } from './readiness-section.tsx';
import { style } from './style.ts';
import { VerdictSection } from './verdict-section.tsx';

/**
 * One page that needs nothing but itself: no script, no network, no font. Its Content-Security-Policy allows this very
 * style sheet and nothing else, so that no text of a runtime can do anything even if it were not escaped.
 */
export const renderHtml: Renderer = async (result) => {
  const legible = markFaults(legibleResult(result));
  const pictures = await drawPictures(legible);
  return `<!doctype html>\n${renderToString(<Page result={legible} pictures={pictures} />)}\n`;
};

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const contents = [
  ['verdict', 'Verdict'],
  ['differences', 'What differed'],
  ['conformance', 'Conformance'],
  ['cases', 'Cases in detail'],
  ['observations', 'Observations'],
  ['benchmarks', 'Benchmarks'],
  ['environment', 'Environment'],
  ['warnings', 'Warnings'],
  ['reproduce', 'How to reproduce'],
  ['method', 'Method and limits'],
] as const;

function contentsOf({ readiness = [] }: Result) {
  return readiness.length === 0 ? contents : ([['readiness', 'Readiness'], ...contents] as const);
}

function Page({ result, pictures }: { readonly result: Result; readonly pictures: Pictures }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{pageTitle(result)}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a class="skip" href="#verdict">
          To the verdict
        </a>
        <IconSprite />
        <Banners result={result} />
        <div class="page">
          <Head result={result} />
          <div class="columns">
            <nav aria-label="Contents">
              <ul>
                {contentsOf(result).map(([id, title]) => (
                  <li key={id}>
                    <a href={`#${id}`}>{title}</a>
                  </li>
                ))}
              </ul>
            </nav>
            <main>
              <ReadinessSection result={result} />
              <VerdictSection result={result} />
              <DifferencesSection result={result} />
              <ConformanceSection result={result} />
              <CaseSection result={result} />
              <ObservationSection result={result} />
              <BenchmarkSection result={result} pictures={pictures} />
              <EnvironmentSection result={result} />
              <WarningSection warnings={result.warnings} />
              <ReproductionSection result={result} />
              <MethodSection />
            </main>
          </div>
          <footer class="muted small">
            Made by crible {result.tool.version} from result.json of run {result.run.id}, which holds everything this
            page shows and more.
          </footer>
        </div>
      </body>
    </html>
  );
}

function Banners({ result }: { readonly result: Result }) {
  return (
    <>
      {banners(result).map(({ title, text }) => (
        <aside class="banner" aria-label={title} key={title}>
          <p>
            <Icon name="errored" /> <b>{title}.</b> {text}
          </p>
        </aside>
      ))}
    </>
  );
}

function Head({ result }: { readonly result: Result }) {
  const { run, tool } = result;
  const took =
    run.finishedAt === null
      ? 'never finished'
      : `took ${formatDuration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) * 1e6)}`;
  return (
    <header>
      <p class="eyebrow">Container runtimes, asked through the Kubernetes Container Runtime Interface</p>
      <h1>{targetNames(result)}</h1>
      <p class="muted small">
        {formatMoment(run.startedAt)}, {took} · profile {run.profile} · purpose {run.purpose} · {tool.name}{' '}
        {tool.version} · run {run.id}
      </p>
    </header>
  );
}

function targetNames({ targets }: Result): string {
  return joinWords(targets.map(({ name }) => shortened(name, 120)));
}

function pageTitle(result: Result): string {
  const unexpected = formatCount(result.cases.filter(isUnexpected).length, 'unexpected outcome');
  return `${result.cases.length === 0 ? '' : `${unexpected}: `}${targetNames(result)} – crible`;
}
