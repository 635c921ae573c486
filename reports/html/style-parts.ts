/** Tables, cards, chips, articles and figures: what the sections are put together from. */
export const partStyle = `
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.4; }
.wide { width: 100%; }
.caption { color: var(--muted); margin: 0 0 .2rem; font-size: .875rem; max-width: 46rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
tbody th { font-weight: 400; }
thead th { vertical-align: bottom; color: var(--muted); font-size: .82rem; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
tr.area th { padding-top: 1.3rem; font-weight: 600; border-bottom-width: 2px; }
.withheld { color: var(--muted); }
.id { display: block; color: var(--muted); font-size: .8rem; overflow-wrap: anywhere; }
.even { table-layout: fixed; width: 100%; min-width: 40rem; }
.even th:first-child { width: 32%; }
.operation { max-width: 17rem; }
.sums tr:first-child > * { border-top: 2px solid var(--line); }
mark { background: none; color: inherit; font-weight: 650; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .2em; }

.tone-good { color: var(--good); }
.tone-bad { color: var(--bad); }
.tone-doubt { color: var(--doubt); }
.tone-known { color: var(--known); }
.tone-quiet { color: var(--quiet); }
.outcome { display: inline-flex; gap: .4em; align-items: baseline; }
.outcome .icon { position: relative; top: .15em; align-self: flex-start; }
a.outcome { color: inherit; }
td.tone-bad, td.tone-doubt, td.tone-known { font-weight: 600; }
.chip { display: inline-flex; gap: .4em; align-items: center; padding: .1rem .55rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
.chip.tone-good { background: var(--good-ground); }
.chip.tone-bad { background: var(--bad-ground); }
.chip.tone-doubt { background: var(--doubt-ground); }
.chip.tone-known { background: var(--known-ground); }
.chip.tone-quiet { background: var(--quiet-ground); }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; margin-bottom: 1.25rem; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: 1.1rem 1.25rem; }
.card h3 { margin: 0; }
.card .headline { font-size: 1.15rem; font-weight: 650; display: flex; gap: .5em; align-items: center; margin: .6rem 0 .5rem; }
.lead { margin: .9rem 0 .3rem; }
.sentences { padding-left: 1.1rem; margin-bottom: .9rem; }
.sentences li { margin-bottom: .25rem; }
.behind { list-style: none; padding: 0; margin: .2rem 0 .4rem; }
.bar { display: block; width: 100%; height: .5rem; margin: .75rem 0 .5rem; }
.bar .tone-good { fill: var(--good); } .bar .tone-bad { fill: var(--bad); } .bar .tone-doubt { fill: var(--doubt); }
.bar .tone-known { fill: var(--known); } .bar .tone-quiet { fill: var(--line); }
.counts { list-style: none; padding: 0; margin: 0 0 .9rem; display: flex; flex-wrap: wrap; gap: .15rem 1rem; font-size: .875rem; }

.filter { border: 0; padding: 0; margin: 0 0 .75rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .9rem; }
.filter legend { float: left; padding: 0; margin-right: 1rem; color: var(--muted); }
.filter label { display: inline-flex; gap: .4rem; align-items: center; min-height: 1.5rem; }
#conformance:has(#show-wrong:checked) tbody tr:not(.wrong, .area), #conformance:has(#show-wrong:checked) tbody:not(:has(.wrong)),
#conformance:has(#show-differing:checked) tbody tr:not(.differs, .area), #conformance:has(#show-differing:checked) tbody:not(:has(.differs)) { display: none; }

article { border-top: 1px solid var(--line); padding: 1.1rem 0 .6rem; }
article:target, td:target { background: var(--panel); box-shadow: 0 0 0 .5rem var(--panel); }
.heading { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; margin-bottom: .5rem; }
.said { max-width: 46rem; font-weight: 600; white-space: pre-line; }
.facts, pre { overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; font-size: .9rem; max-width: 60rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; }
.facts p { margin: 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1rem; }
.label { color: var(--muted); font-size: .82rem; margin: 0 0 .2rem; }
details { margin: 0 0 .75rem; }
summary { cursor: pointer; padding: .25rem 0; color: var(--link); }
.calls { list-style: none; padding: 0 0 0 .9rem; margin: .4rem 0 0; border-left: 2px solid var(--line); font-size: .9rem; }
.calls p { margin: 0 0 .25rem; }
.calls b { font-weight: 650; }

.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; font-size: .9rem; }
.legend svg { width: 3.2rem; height: 1rem; vertical-align: -.2rem; margin-right: .5rem; }
figure { margin: 1.5rem 0; }
figcaption { font-size: .9rem; margin-bottom: .3rem; max-width: 46rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: .5rem 1.5rem; }
.plots svg { display: block; width: 100%; height: auto; max-width: 34rem; color: var(--text); }
.forest td, .forest tbody th { vertical-align: middle; }
.forest tbody th { min-width: 10rem; max-width: 15rem; }
.forest .drawn { padding-top: 0; padding-bottom: 0; }
.forest .verdict { min-width: 5.5rem; max-width: 16rem; }
.basis { white-space: nowrap; }
td.number .id { white-space: normal; }
.forest td.number .id { white-space: nowrap; }
.strip { display: block; width: 14.4rem; max-width: none; height: auto; color: var(--text); }
.strip .dot { fill: var(--text); }
.strip .open { fill: var(--ground); }
.doubts { font-size: .9rem; padding: .6rem .9rem .6rem 2rem; background: var(--doubt-ground); border-left: 3px solid var(--doubt); max-width: 60rem; }
.doubts .muted { color: inherit; }
.explained dt { font-weight: 600; margin-top: 1.1rem; }
.explained dd { margin: 0; max-width: 46rem; }
.explained ul { margin: .25rem 0 0; }

@media (max-width: 40rem) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .4rem; }
  .matrix { font-size: .82rem; }
  .matrix th, .matrix td { padding-right: .5rem; }
  .calls { padding-left: .6rem; }
}
`;
