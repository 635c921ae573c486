import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../model/error.ts';
import { resultSchema } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { readJournal } from '../output/read-run.ts';
import { recordingShell } from '../recording-shell.ts';
import type { RecordingShell } from '../recording-shell.ts';
import { newRunId } from './run-id.ts';
import { performRun, withoutCredentials } from './run.ts';
import type { RunRequest } from './request.ts';

const base: RunRequest = {
  targets: ['sim:'],
  out: undefined,
  profile: 'quick',
  purpose: 'all',
  expectations: undefined,
  imagePrefix: undefined,
  imageEndpoint: undefined,
  callTimeout: undefined,
  budget: undefined,
  seed: 7,
  yes: false,
  withKubelet: false,
  orSimulator: false,
  quiet: false,
  json: false,
  cases: { select: [], skip: [], level: 'optional' },
};

async function run(
  change: Partial<RunRequest>,
  shell: RecordingShell = recordingShell(),
): Promise<{ reason: string; result: Result; err: string }> {
  const out = join(mkdtempSync(join(tmpdir(), 'crible-run-')), 'out');
  const reason = await performRun({ ...base, ...change, out }, shell);
  const result = resultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
  assert.deepEqual(readJournal(join(out, 'journal.ndjson'), []).run, result.run);
  for (const name of ['report.html', 'junit.xml', 'summary.md'])
    assert.notEqual(readFileSync(join(out, name), 'utf8'), '');
  return { reason, result, err: shell.noted.join('\n') };
}

const impossible: readonly (readonly [what: string, change: Partial<RunRequest>, told: RegExp])[] = [
  ['an unknown target', { targets: ['gibberish'] }, /'gibberish' is not a target\n {2}a target is/],
  ['no target', { targets: [] }, /no target is named/],
  ['one name for two targets', { targets: ['sim:', 'sim:'] }, /two targets are called 'sim'/],
  ['a lab that there is not', { targets: ['lab:crio'] }, /there is no lab for 'crio'/],
  ['a fault without its arguments', { targets: ['fault:delay@sim:'] }, /the fault delay: 0 arguments were given/],
  [
    'a glob that matches nothing',
    { cases: { select: ['pod-sandbox/stip/**'], skip: [], level: 'optional' } },
    /matches no case\n {2}the closest are: pod-sandbox\//,
  ],
  ['expectations that are not there', { expectations: '/nowhere/x.yaml' }, /cannot read expectations/],
];
for (const [what, change, told] of impossible) {
  test(`${what} is told, and an incomplete result is written`, async () => {
    const { reason, result, err } = await run(change);
    assert.equal(reason, 'usage');
    assert.match(err, told);
    assert.equal(result.run.complete, false);
  });
}

test('a folder that cannot be written to is refused before anything runs', async () => {
  await assert.rejects(performRun({ ...base, out: '/dev/null/out' }, recordingShell()), UsageError);
});

test('a target that cannot be reached is in the result, with its cases not run', async () => {
  const { reason, result } = await run({
    targets: ['unix:///nowhere/cri.sock'],
    imagePrefix: 'registry.example/crible',
  });
  assert.equal(reason, 'target');
  assert.equal(result.run.complete, false);
  assert.equal(result.targets[0]?.state, 'unreachable');
  assert.ok(result.cases.length > 0);
  for (const { outcome } of result.cases) assert.equal(outcome.status, 'not-run');
});

test('a user on a terminal who says no is believed', async () => {
  const { reason, err } = await run({ targets: ['unix:///nowhere/cri.sock'] }, recordingShell([false]));
  assert.equal(reason, 'usage');
  assert.match(err, /crible will run pods .*unix:\/\/\/nowhere\/cri\.sock.*Go on\?\n/);
});

test('a run that is interrupted before it begins ends as interrupted', async () => {
  const shell = recordingShell();
  shell.interrupt();
  const { reason, result } = await run({}, shell);
  assert.equal(reason, 'interrupted');
  assert.equal(result.run.incompleteReason, 'interrupted');
});

test('run ids are sorted by time', () => {
  assert.match(newRunId(new Date('2026-11-23T12:13:14Z')), /^20261123-121314-[0-9a-f]{4}$/);
});

test('no password of a command line is kept', () => {
  assert.equal(
    withoutCredentials('--image-prefix=me:secret@registry.example/crible'),
    '--image-prefix=…@registry.example/crible',
  );
  assert.equal(withoutCredentials('https://me:secret@registry.example'), 'https://…@registry.example');
  assert.equal(withoutCredentials('lab:containerd@2.1/crun'), 'lab:containerd@2.1/crun');
  assert.equal(withoutCredentials('a=lab:containerd+2@1.7'), 'a=lab:containerd+2@1.7');
});
