import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { cgroupLayout } from '../kit/cgroup.ts';
import { resultSchema, type Result } from '../model/result.ts';

/*
 * The compiled program as a user starts it, on a real containerd: what it finds, what it writes, and what it leaves behind
 * when it is interrupted or killed.
 */

const impossible = process.platform !== 'linux' ? 'needs Linux' : process.geteuid?.() !== 0 ? 'needs root' : undefined;
const project = join(import.meta.dirname, '..', '..');
const program = join(project, 'dist', 'src', 'main.js');
const handlers = ['lab:containerd/runc', 'lab:containerd/crun'];

/** How long a killed run's workers may take to notice that their parent is gone and to clean up the case in hand. */
const workersMs = 10_000;

describe('crible on containerd', { skip: impossible ?? false }, () => {
  let home: string;
  let out: string;
  let tracesBefore: readonly string[];
  before(() => {
    home = mkdtempSync('/var/tmp/crible-test-');
    out = mkdtempSync(join(tmpdir(), 'crible-out-'));
    tracesBefore = hostTraces(home);
  });
  after(() => {
    rmSync(home, { recursive: true, force: true });
    rmSync(out, { recursive: true, force: true });
  });

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [program, ...args], {
      env: { ...process.env, CRIBLE_HOME: home },
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
  const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));
  const crible = (...args: string[]): Promise<number | null> => ended(start(...args));
  const assertClean = (): void => {
    assert.deepEqual(
      hostTraces(home).filter((trace) => !tracesBefore.includes(trace)),
      [],
    );
  };

  it('evaluates both handlers as the committed expectations say, and leaves nothing', async () => {
    const folder = join(out, 'evaluate');
    const code = await crible('evaluate', ...handlers, '--profile', 'quick', '--out', folder);
    const result = readResult(folder);
    // First what was not expected and why: it explains the exit code, and a run that nobody can repeat has to explain itself.
    assert.deepEqual(unexpected(result), []);
    assert.deepEqual(
      result.workloads.filter(({ status }) => status !== 'measured').map(({ id, target }) => `${id} on ${target}`),
      [],
    );
    assert.equal(code, 0);
    assert.equal(result.run.complete, true);
    assert.deepEqual(
      result.targets.map(({ name, runtimeName, state }) => ({ name, runtimeName, state })),
      handlers.map((name) => ({ name, runtimeName: 'containerd', state: 'ready' })),
    );
    for (const target of handlers) {
      const cases = result.cases.filter((each) => each.target === target);
      assert.ok(cases.length >= 260, `${String(cases.length)} cases`);
    }
    assertNoneSkippedAnew(result);
    const failed = result.cases.filter(({ outcome }) => outcome.status === 'failed');
    assert.ok(failed.length > 0, 'containerd 1.6 is known to break promises');
    assert.ok(failed.every(({ outcome }) => 'transcript' in outcome && outcome.transcript.length > 0));
    assert.ok(
      result.workloads.every(
        ({ status, rounds }) => status === 'measured' && rounds.length > 0 && !rounds.includes(null),
      ),
    );
    assertJunitAgrees(folder, result);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    for (const { id } of failed) assert.ok(page.includes(id));
    assertClean();
  });

  it('runs the cases that were selected and no others', async () => {
    const folder = join(out, 'selected');
    await crible('conformance', 'lab:containerd', '--select', 'pod-sandbox/**', '--out', folder);
    const { cases } = readResult(folder);
    assert.ok(cases.length > 0 && cases.every(({ id }) => id.startsWith('pod-sandbox/')));
    assert.equal(await crible('conformance', 'lab:containerd', '--select', 'nope/**'), 2);
    assertClean();
  });

  it('cleans up within 5 s when it is interrupted, and still reports', async () => {
    const folder = join(out, 'interrupted');
    const child = start('conformance', ...handlers, '--out', folder);
    await started(folder);
    await sleep(3_000);
    const interruptedAt = performance.now();
    child.kill('SIGINT');
    assert.equal(await ended(child), 130);
    assert.ok(performance.now() - interruptedAt < 8_000, 'clean-up, the lab and the reports');
    const result = readResult(folder);
    assert.equal(result.run.complete, false);
    assert.ok(result.cases.some(({ outcome }) => outcome.status === 'not-run'));
    assert.ok(existsSync(join(folder, 'report.html')));
    assertClean();
  });

  for (const round of [1, 2, 3]) {
    const killAfterMs = Math.round(500 + Math.random() * 12_000);
    it(`leaves nothing that sweep and lab stop do not remove when it is killed after ${String(killAfterMs)} ms (${String(round)})`, async () => {
      const child = start('conformance', ...handlers, '--out', join(out, `killed-${String(round)}`));
      await sleep(killAfterMs);
      child.kill('SIGKILL');
      await ended(child);
      await crible('sweep');
      await crible('lab', 'stop');
      await eventually(() => hostTraces(home).every((trace) => tracesBefore.includes(trace)), workersMs);
      assertClean();
    });
  }
});

/** Cases that did not come out as the committed expectations say, with all that they tell. */
function unexpected({ cases }: Result): readonly object[] {
  return cases
    .filter(({ verdict }) => verdict === 'unexpected-failure' || verdict === 'unexpected-pass')
    .map(({ id, target, outcome }) => ({ id, target, outcome: JSON.stringify(outcome) }));
}

/** What is skipped is recorded by runtime version: a suite that quietly asks less is no better for being green. */
function assertNoneSkippedAnew({ targets, cases }: Result): void {
  const text = readFileSync(join(project, 'reports', 'samples', 'skipped.json'), 'utf8');
  const recorded = skippedSchema.parse(JSON.parse(text));
  for (const { name, runtimeName, runtimeVersion = '' } of targets) {
    const version = `${runtimeName} ${/^v?\d+\.\d+/.exec(runtimeVersion)?.[0] ?? runtimeVersion}`;
    const known = recorded[version]?.skipped ?? [];
    const skipped = cases.filter(({ target, outcome }) => target === name && outcome.status === 'skipped');
    assert.deepEqual(
      skipped.map(({ id }) => id).filter((id) => !known.includes(id)),
      [],
      `${version} skips what it did not skip before`,
    );
  }
}

/** By runtime name and version: how many cases there were, and which of them were skipped. */
const skippedSchema = z.record(z.string(), z.object({ cases: z.number(), skipped: z.array(z.string()) }));

/** Resolves when a run has begun to ask: its journal tells. */
async function started(folder: string): Promise<void> {
  const journal = join(folder, 'journal.ndjson');
  await eventually(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('"case-started"'), 60_000);
}

async function eventually(holds: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds() && performance.now() < deadline) await sleep(50);
}

function readResult(folder: string): Result {
  return resultSchema.parse(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')));
}

/** The header of each suite, its elements, and result.json: three counts of the same thing. */
function assertJunitAgrees(folder: string, result: Result): void {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  const document = parser.parse(readFileSync(join(folder, 'junit.xml'), 'utf8')) as {
    testsuites: { testsuite: { name: string; tests: string; failures: string; testcase: object[] }[] };
  };
  for (const suite of document.testsuites.testsuite) {
    const cases = result.cases.filter(({ target }) => suite.name.includes(target));
    assert.equal(Number(suite.tests), cases.length);
    assert.equal(suite.testcase.length, cases.length);
    assert.equal(suite.testcase.filter((each) => 'failure' in each).length, Number(suite.failures));
  }
}

/** What runs below a home leave on this machine: processes, mounts, links, cgroups, files of runs and labs. */
function hostTraces(home: string): readonly string[] {
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid))
    .filter((pid) => contentOf(`/proc/${pid}/environ`).includes(home))
    .map((pid) => `process ${pid}: ${contentOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  const mounts = contentOf('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.includes(home));
  const links = readdirSync('/sys/class/net').filter((name) => name.startsWith('crible') || name.startsWith('veth'));
  const cgroups = cgroupLayout().trees.flatMap((root) =>
    readdirSync(root)
      .filter((name) => name.startsWith('crible-') || name === 'crible')
      .map((name) => join(root, name)),
  );
  const files = ['runs', 'labs'].flatMap((folder) =>
    existsSync(join(home, folder)) ? readdirSync(join(home, folder)) : [],
  );
  const rules = hasIptables()
    ? execFileSync('iptables-save')
        .toString()
        .split('\n')
        .filter((rule) => rule.includes('crible'))
    : [];
  return [...processes, ...mounts, ...links, ...cgroups, ...files, ...rules];
}

function hasIptables(): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, 'iptables-save')));
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Processes come and go between the listing and the look.
    return '';
  }
}
