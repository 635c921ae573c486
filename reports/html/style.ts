import { partStyle } from './style-parts.ts';

/**
 * The page's only style sheet. Colours are tokens with a light and a dark value; each pair of text and ground has a
 * contrast of at least 4.5 to 1, lines of charts at least 3 to 1 on both grounds. No style attribute anywhere: the
 * page's Content-Security-Policy refuses them.
 */
const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f5f6f8; --line: #d9dde3; --text: #1c2127; --muted: #565f6a; --link: #0a55a5;
  --good: #14653a; --good-ground: #e8f4ec;
  --bad: #a01c16; --bad-ground: #fdeceb;
  --doubt: #7a4300; --doubt-ground: #fdf1dd;
  --known: #513f94; --known-ground: #efecfa;
  --quiet: #565f6a; --quiet-ground: #eef0f3;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #15181c; --panel: #1c2026; --line: #343b44; --text: #e3e6ea; --muted: #a4adb8; --link: #86bdff;
    --good: #7fd6a4; --good-ground: #15291f;
    --bad: #ff9d96; --bad-ground: #351b1b;
    --doubt: #f0bd75; --doubt-ground: #31261a;
    --known: #bfb2f5; --known-ground: #262238;
    --quiet: #a4adb8; --quiet-ground: #23282f;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word;
}
.page { max-width: 82rem; margin: 0 auto; padding: 0 1.5rem 4rem; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; margin: 0; }
h1 { font-size: 1.9rem; letter-spacing: -0.01em; }
h2 { font-size: 1.4rem; margin-bottom: .75rem; padding-top: 2.5rem; }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; }
p, ul, ol, dl { margin: 0 0 .75rem; }
section > p, .prose { max-width: 46rem; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: from-font; }
a:focus-visible, summary:focus-visible, input:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px;
}
code, pre, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: .86em; }
pre {
  margin: 0 0 .75rem; padding: .6rem .8rem; background: var(--panel); border: 1px solid var(--line); border-radius: 4px;
  white-space: pre-wrap; line-height: 1.45; tab-size: 4;
}
pre.long { max-height: 28rem; overflow: auto; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.icon { width: 1em; height: 1em; flex: none; vertical-align: -.125em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.sprite { position: absolute; width: 0; height: 0; }
.skip { position: absolute; left: -100vw; top: 0; background: var(--ground); padding: .5rem 1rem; z-index: 1; }
.skip:focus { left: 0; }

.banner { background: var(--bad-ground); color: var(--bad); border-bottom: 1px solid; padding: .8rem 1.5rem; }
.banner p { max-width: 79rem; margin: 0 auto; }
header { padding: 2.25rem 0 0; }
header .muted { margin: .5rem 0 0; }
.eyebrow { color: var(--muted); font-size: .875rem; margin: 0 0 .35rem; }
nav ul { list-style: none; margin: 1.25rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
nav a { display: inline-block; padding: .25rem 0; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
@media (min-width: 74rem) {
  .columns { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 3.5rem; }
  nav { position: sticky; top: 0; align-self: start; padding-top: 2.6rem; }
  nav ul { margin: 0; flex-direction: column; gap: .1rem; }
  nav a { text-decoration: none; }
  nav a:hover { text-decoration: underline; }
}
@media (max-width: 40rem) {
  .page { padding: 0 1rem 3rem; }
  h1 { font-size: 1.45rem; }
  h2 { font-size: 1.25rem; }
}
`;

/** Comes last, so that it has its way. */
const otherMediaStyle = `
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; }
  nav, .filter, .skip { display: none; }
  .page { max-width: none; padding: 0; }
  .columns { display: block; }
  .scroll { overflow: visible; }
  pre.long { max-height: none; }
  article, figure, .card, tr, pre { break-inside: avoid; }
  h2, h3, h4, summary { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary { list-style: none; }
}
@media (forced-colors: active) {
  .chip, .card, .banner { border: 1px solid; }
}
`;

export const style = `${baseStyle}${partStyle}${otherMediaStyle}`.replace(/\n\s*/g, '\n');
