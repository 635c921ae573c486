import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { OutcomeStatus } from '../model/outcome.ts';
import { resultSchema } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { projectFolder } from './project.ts';

/*
 * What the compiled program makes of a server that hangs, dies, answers garbage or is slow: it ends in bounded time, with the
 * right outcome for each case, the right exit code and a whole report. The server is the simulator behind a fault.
 */

const program = join(projectFolder(), 'dist', 'src', 'main.js');

interface Misbehaviour {
  readonly fault: string;
  readonly select: readonly string[];
  readonly exitCode: number;
  readonly complete: boolean;
  /** What becomes of the cases, by the beginning of their ids; the first that fits counts. */
  readonly outcomes: readonly (readonly [prefix: string, expected: OutcomeStatus])[];
  /** The sum of the deadlines that bound it, and what a busy machine adds. */
  readonly withinMs: number;
}

const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  'hangs on every call': {
    ...{ fault: 'hang(*)', select: ['pod-sandbox/status/*'], exitCode: 3, complete: false, withinMs: 30_000 },
    outcomes: [['', 'not-run']],
  },
  'hangs on one call': {
    ...{ fault: 'hang(ReopenContainerLog)', exitCode: 1, complete: true, withinMs: 60_000 },
    select: ['log/reopen/after-rename', 'container/exit/zero'],
    outcomes: [
      ['log/', 'failed'],
      ['', 'passed'],
    ],
  },
  'answers garbage to every call': {
    ...{ fault: 'garbage(*)', select: ['pod-sandbox/status/*'], exitCode: 3, complete: false, withinMs: 30_000 },
    outcomes: [['', 'not-run']],
  },
  'answers garbage to one call': {
    ...{ fault: 'garbage(ContainerStatus)', exitCode: 1, complete: true, withinMs: 60_000 },
    select: ['container/status/labels', 'container/list/by-id'],
    outcomes: [
      ['container/status/', 'failed'],
      ['', 'passed'],
    ],
  },
  'is slow': {
    ...{ fault: 'slow(50ms)', exitCode: 0, complete: true, withinMs: 60_000 },
    select: ['pod-sandbox/list/by-id', 'container/exit/*'],
    outcomes: [
      ['container/exit/killed', 'skipped'],
      ['', 'passed'],
    ],
  },
  'says something hostile in a status': {
    ...{ fault: 'absurd(ContainerStatus,status.labels,hostile)', exitCode: 1, complete: true, withinMs: 60_000 },
    select: ['container/status/labels', 'container/list/by-id'],
    outcomes: [
      ['container/status/', 'failed'],
      ['', 'passed'],
    ],
  },
  'has a hostile name': {
    ...{ fault: 'absurd(Version,runtimeName,hostile)', exitCode: 0, complete: true, withinMs: 60_000 },
    select: ['runtime/version/*', 'container/exit/zero'],
    outcomes: [['', 'passed']],
  },
  'has a version of a megabyte': {
    ...{ fault: 'absurd(Version,runtimeVersion,huge)', exitCode: 0, complete: true, withinMs: 60_000 },
    select: ['container/exit/zero'],
    outcomes: [['', 'passed']],
  },
  'dies of a call and stays dead': {
    ...{ fault: 'dies(ReopenContainerLog)', exitCode: 3, complete: false, withinMs: 60_000 },
    select: ['log/reopen/after-rename'],
    outcomes: [['', 'runtime-died']],
  },
  'dies of a call and comes back': {
    ...{ fault: 'dies(ReopenContainerLog,comes-back)', exitCode: 1, complete: true, withinMs: 90_000 },
    select: ['log/reopen/after-rename', 'container/exit/*', 'container/list/*'],
    outcomes: [
      ['log/', 'runtime-died'],
      ['container/exit/killed', 'skipped'],
      ['', 'passed'],
    ],
  },
};

describe('a server that', () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'crible-faulty-'));
  });
  after(() => {
    rmSync(home, { recursive: true, force: true });
  });

  async function run({
    fault,
    select,
  }: Misbehaviour): Promise<{ exitCode: number | null; result: Result; tookMs: number }> {
    const startedAtMs = performance.now();
    const out = join(home, 'out');
    const child = spawn(
      process.execPath,
      [
        ...[program, 'conformance', `fault:${fault}@sim:`, '--quiet', '--call-timeout', '3s', '--out', out],
        ...select.flatMap((glob) => ['--select', glob]),
      ],
      { env: { ...process.env, CRIBLE_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [, ...told] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
    const result = resultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
    const reports = ['report.html', 'junit.xml', 'summary.md'].map((name) => readFileSync(join(out, name), 'utf8'));
    assert.match(reports[0] ?? '', /<\/html>\s*$/);
    for (const shown of [...told, ...reports]) {
      assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
    }
    for (const report of reports) assert.doesNotMatch(report, /<script>alert/);
    return { exitCode: child.exitCode, result, tookMs: performance.now() - startedAtMs };
  }

  for (const [does, misbehaviour] of Object.entries(misbehaviours)) {
    it(does, async () => {
      const { exitCode, result, tookMs } = await run(misbehaviour);
      const expected = result.cases.map(({ id }) => [
        id,
        misbehaviour.outcomes.find(([prefix]) => id.startsWith(prefix))?.[1],
      ]);
      assert.deepEqual(
        result.cases.map(({ id, outcome }) => [id, outcome.status]),
        expected,
      );
      assert.ok(expected.length > 0);
      assert.equal(exitCode, misbehaviour.exitCode);
      assert.equal(result.run.complete, misbehaviour.complete);
      assert.ok(tookMs < misbehaviour.withinMs, `it took ${tookMs.toFixed(0)} ms`);
    });
  }
});
