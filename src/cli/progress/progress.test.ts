import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import {
  aTarget,
  failedAt,
  finished,
  mustFail,
  passed,
  planned,
  probed,
  runFinished,
  runStarted,
} from '../../judge/judge-samples.ts';
import type { RunEvent } from '../../model/event.ts';
import { recordingShell } from '../recording-shell.ts';
import { plain } from '../style.ts';
import { liveProgress } from './live.ts';
import { News } from './news.ts';
import { showProgress } from './progress.ts';

const expectations = [mustFail(['x/known'])];
const load = { model: 'closed', concurrency: 1 } as const;
const round = { index: 0, workload: 'pod-lifecycle', target: 'a', load };
const started = (caseId: string): RunEvent => ({ type: 'case-started', caseId, target: 'a', shard: 0 });

test('in a pipe there is a line for each target, each surprise and each end, and none for a case that did as expected', () => {
  const shell = recordingShell();
  const progress = showProgress(shell, expectations, false);
  const events: readonly RunEvent[] = [
    runStarted,
    planned(['a'], ['x/good', 'x/known', 'x/bad']),
    probed(aTarget('a')),
    started('x/good'),
    finished('a', 'x/good', passed),
    finished('a', 'x/known', failedAt('one')),
    finished('a', 'x/bad', failedAt('two')),
    { type: 'warned', warning: { kind: 'flaky', message: 'one' } },
    runFinished(),
  ];
  for (const event of events) progress.listen(event);
  progress.close();
  const [target, surprise, end, warning, ...more] = shell.noted;
  assert.equal(target, 'a: containerd 1.6.20~ds1, CRI v1, at unix:///run/a.sock');
  assert.equal(surprise, 'a: x/bad: failed (two): no');
  assert.match(end ?? '', /^a: 3 cases in \d+ ms, 1 unexpected, 1 known deviation$/);
  assert.equal(warning, 'warning: one');
  assert.deepEqual(more, []);
});

test('quiet says nothing', () => {
  const shell = recordingShell();
  const progress = showProgress(shell, [], true);
  progress.listen(probed(aTarget('a')));
  progress.close();
  assert.deepEqual(shell.noted, []);
});

test('what a runtime says of itself steers no terminal', () => {
  const news = new News([], plain);
  const hostile = '\u001b]0;owned\u0007\u202e\r\n';
  const lines = [
    ...news.linesOn(probed(aTarget('a', { runtimeName: hostile, runtimeVersion: hostile }))),
    ...news.linesOn({ type: 'target-lost', target: 'a', problem: hostile }),
    ...news.linesOn(finished('a', 'x/y', { status: 'errored', phase: 'body', message: hostile, transcript: [] })),
  ];
  assert.equal(lines.length, 3);
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
});

test('on a terminal the cases of a target are a bar that shows how far it is and what failed', () => {
  const { screen, progress } = terminal();
  for (const event of [planned(['a'], ['x/good', 'x/bad', 'x/later']), started('x/good'), finished('a', 'x/good')])
    progress.listen(event);
  progress.listen(finished('a', 'x/bad', failedAt('one')));
  progress.listen(started('x/later'));
  progress.listen({ type: 'round-started', ...round });
  progress.close();
  assert.match(screen(), /a \[[^\]]*\] 2\/3, 1 unexpected, .* left {2}x\/later/);
  assert.match(screen(), /a: x\/bad: failed \(one\): no/);
});

test('while a round is under way the display stands still', async () => {
  const { screen, progress } = terminal();
  for (const event of [planned(['a'], ['x/y', 'x/z']), started('x/y'), { type: 'round-started', ...round } as const])
    progress.listen(event);
  const before = screen();
  progress.listen(finished('a', 'x/y'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(screen(), before);
  progress.listen({ type: 'round-finished', ...round, round: null });
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.notEqual(screen(), before);
  progress.close();
});

function terminal(): { readonly screen: () => string; readonly progress: ReturnType<typeof liveProgress> } {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const progress = liveProgress(stream, new News(expectations, plain));
  return {
    screen: () => {
      stream.read();
      return text;
    },
    progress,
  };
}
