import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { foldResult } from '../../judge/fold.ts';
import {
  aTarget,
  failedAt,
  finished,
  mustFail,
  planned,
  probed,
  runFinished,
  runStarted,
} from '../../judge/judge-samples.ts';
import { UsageError } from '../../model/error.ts';
import type { RunEvent } from '../../model/event.ts';
import { openJournal } from './journal.ts';
import { readJournal } from './read-run.ts';

const load = { model: 'closed', concurrency: 1 } as const;
const key = { index: 0, workload: 'pod-lifecycle', target: 'a', load };

function journalPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'crible-journal-')), 'journal.ndjson');
}

function typesIn(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as RunEvent).type);
}

test('an event is in the file before the next one happens, but within a round nothing is written', () => {
  const path = journalPath();
  const journal = openJournal(path);
  const seen = (event: RunEvent): readonly string[] => {
    journal.listen(event);
    return typesIn(path);
  };
  assert.deepEqual(seen(runStarted), ['run-started']);
  assert.deepEqual(seen({ type: 'round-started', ...key }), ['run-started', 'round-started']);
  assert.deepEqual(seen({ type: 'warned', warning: { kind: 'flaky', message: '' } }), ['run-started', 'round-started']);
  assert.deepEqual(seen({ type: 'round-finished', ...key, round: null }), [
    'run-started',
    'round-started',
    'warned',
    'round-finished',
  ]);
  journal.close();
});

test('closing writes what a round held back', () => {
  const path = journalPath();
  const journal = openJournal(path);
  for (const event of [runStarted, { type: 'round-started', ...key } as const, runFinished(false, 'interrupted')])
    journal.listen(event);
  journal.close();
  assert.deepEqual(typesIn(path), ['run-started', 'round-started', 'run-finished']);
});

test('a journal folds into the result of its events, also one that was cut in the middle of a line', () => {
  const path = journalPath();
  const journal = openJournal(path);
  const events = [
    runStarted,
    probed(aTarget('a')),
    planned(['a'], ['x/y', 'x/z']),
    finished('a', 'x/y', failedAt('one')),
  ];
  for (const event of events) journal.listen(event);
  journal.close();
  const expectations = [mustFail(['x/y'])];
  assert.deepEqual(readJournal(path, expectations), foldResult(events, expectations));
  appendFileSync(path, JSON.stringify(finished('a', 'x/z')).slice(0, 30));
  assert.deepEqual(readJournal(path, expectations), foldResult(events, expectations));
});

test('a file that is no journal is refused by its line', () => {
  const path = journalPath();
  const journal = openJournal(path);
  journal.listen(runStarted);
  journal.close();
  appendFileSync(path, '{"type":"unheard-of"}\n');
  assert.throws(
    () => readJournal(path, []),
    (error) => error instanceof UsageError && error.message.includes(`${path}:2:`),
  );
});
