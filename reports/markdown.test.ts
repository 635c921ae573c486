import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema, type Result } from '../src/model/result.ts';
import { renderMarkdown } from './markdown.ts';

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));

const benchmark = resultSchema.parse(
  JSON.parse(readFileSync(new URL('golden/bench/result.json', import.meta.url), 'utf8')),
);

/** The golden result with so much of everything that a summary of all of it would be useless. */
function huge(): Result {
  const repeated = <T>(items: readonly T[], times: number, change: (item: T, index: number) => T) =>
    Array.from({ length: times }, (_, index) => items.map((item) => change(item, index))).flat();
  return {
    ...golden,
    cases: repeated(golden.cases, 200, (entry, index) => ({ ...entry, id: `${entry.id}/${String(index)}` })),
    observations: repeated(golden.observations, 200, (entry, index) => ({
      ...entry,
      key: `${entry.key}-${String(index)}`,
    })),
    workloads: repeated(golden.workloads, 200, (entry, index) => ({ ...entry, id: `${entry.id}-${String(index)}` })),
    comparisons: repeated(benchmark.comparisons, 30, (entry, index) => ({
      ...entry,
      workload: `${entry.workload}-${String(index)}`,
    })),
    gates: repeated(golden.gates, 500, (gate) => ({ ...gate, broken: true })),
  };
}

test('says the verdict, the counts, what was unexpected, what differs and the figures', async () => {
  const summary = await renderMarkdown(golden);
  for (const part of [
    '**This run is not complete.**',
    '**crio: Died during the run**',
    '| target | runtime |',
    '### Unexpected outcomes',
    '### Where the targets differ without breaking a promise',
    '### Benchmarks',
    'crio is faster than lab:containerd/runc',
    '### Cost',
    'n too small',
  ]) {
    assert.ok(summary.includes(part), part);
  }
});

test('says of a benchmark what is noise, what starts became of, what measures came to and where a fault is on', async () => {
  const summary = await renderMarkdown(benchmark);
  for (const part of [
    '**A fault is on.**',
    '**crio compared with containerd**',
    '**slow (a fault is on) compared with containerd**',
    '**What this run cannot tell apart**',
    '### Noise floors',
    '### Starts of open loads',
    '### Measures',
    'MiB/s',
  ]) {
    assert.ok(summary.includes(part), part);
  }
});

test('stays far below the 1 MiB at which GitHub drops it, and says what it leaves out', async () => {
  const summary = await renderMarkdown(huge());
  assert.ok(Buffer.byteLength(summary) < 256 * 1024, String(Buffer.byteLength(summary)));
  assert.match(summary, /\n\d+ more in report\.html\.\n/);
  assert.equal(summary.split('### Unexpected outcomes')[1]?.split('\n\n')[1]?.split('\n').length, 22);
});

test('holds no markup of a runtime', async () => {
  const summary = await renderMarkdown(golden);
  assert.doesNotMatch(summary, /<script|<b>|\u001b|\u202e|\]\(https:/);
  for (const line of summary.split('\n').filter((text) => text.startsWith('|'))) {
    const cells = line.replaceAll(/\\\\|\\\|/g, '').split('|').length;
    assert.ok([6, 7, 11, 12, 13, 14].includes(cells), line);
  }
});
