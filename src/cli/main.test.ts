import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBusybox } from '../lab/binaries.ts';
import { resultSchema } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { projectFolder } from './project.ts';

/** The fixture images are made of busybox; a machine that has none cannot run anything. */
const lacking = await findBusybox({}).then(
  () => false,
  () => 'there is no busybox on this machine',
);

function start(...argv: readonly string[]): {
  readonly child: ChildProcess;
  readonly out: string;
  readonly said: Promise<{ out: string; err: string }>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'crible-main-'));
  const out = join(folder, 'out');
  const none = join(folder, 'none.yaml');
  writeFileSync(none, '# nothing is known to deviate\n');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/main.ts', ...argv, '--out', out, '--expectations', none],
    {
      cwd: projectFolder(),
      env: { ...process.env, CRIBLE_HOME: folder },
    },
  );
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text.out += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (text.err += more));
  return { child, out, said: once(child, 'close').then(() => text) };
}

function resultIn(folder: string): Result {
  return resultSchema.parse(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')));
}

test('a run on the simulator leaves its reports and a summary that programs can read', { skip: lacking }, async () => {
  const { child, out, said } = start('conformance', 'sim:', '--select', 'pod-sandbox/status/*', '--json');
  const { out: summary, err } = await said;
  assert.equal(child.exitCode, 0, err);
  const { run, cases, targets } = resultIn(out);
  assert.equal(run.complete, true);
  assert.deepEqual(
    targets.map(({ name, state }) => [name, state]),
    [['sim', 'ready']],
  );
  assert.ok(cases.length > 0 && cases.every(({ id }) => id.startsWith('pod-sandbox/status/')));
  const told = JSON.parse(summary) as {
    readonly exitCode: number;
    readonly targets: readonly { readonly cases: { readonly total: number } }[];
  };
  assert.equal(told.exitCode, 0);
  assert.equal(told.targets[0]?.cases.total, cases.length);
  assert.match(readFileSync(join(out, 'junit.xml'), 'utf8'), new RegExp(`tests="${String(cases.length)}"`));
});

test('Ctrl-C in the middle ends with 130, an incomplete result and clean hands', { skip: lacking }, async () => {
  const { child, out, said } = start('conformance', 'sim:');
  child.stderr?.once('data', () => child.kill('SIGINT'));
  const { out: summary } = await said;
  assert.equal(child.exitCode, 130);
  assert.match(summary, /interrupted \(exit code 130\)/);
  const { run, cases } = resultIn(out);
  assert.equal(run.complete, false);
  assert.equal(run.incompleteReason, 'interrupted');
  assert.ok(cases.some(({ outcome }) => outcome.status === 'not-run'));
});
